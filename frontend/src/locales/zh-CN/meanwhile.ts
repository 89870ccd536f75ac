export default {
  title: '其他人已修改',
  text: '您编辑期间，其他人已保存。请逐项选择保留哪一个值：',
  field: '字段',
  theirs: '已保存的',
  mine: '我填写的',
  others: '对方还修改了：{fields}',
  later: '稍后再定',
  save: '保存我选的 {n} 项',
  takeTheirs: '采用对方的',
}
