export default {
  search: '搜索名称或编码',
  choose: '请选择',
  allKept: '全部保留',
  dropped: '已减去 {n} 项',
  changed: {
    drop: '减去 {name}',
    add: '增加 {name}',
    set: '{name}：{column} {value}',
  },
  adjust: '调整：{name}',
  adjusting: '调整',
  added: '本地增加',
  fault: {
    at_least: '不得低于 {bound}',
    percent: '须在 0 到 100 之间',
    whole: '请填写整数',
    number: '请填写数字，最多两位小数',
    negative: '不能小于 0',
    at_most: '不得超过 {bound}',
    none_left: '至少保留一项',
  },
}
