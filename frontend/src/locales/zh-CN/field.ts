export default {
  choose: '请选择',
  allKept: '全部保留',
  dropped: '已减去 {n} 项',
  fault: {
    whole: '请填写整数',
    number: '请填写数字，最多两位小数',
    negative: '不能小于 0',
    at_most: '不得超过 {bound}',
    none_left: '至少保留一项',
  },
}
