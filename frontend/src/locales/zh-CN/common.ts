export default {
  save: '保存',
  cancel: '取消',
  close: '关闭',
  retry: '重试',
  back: '返回',
  loading: '正在加载…',
  yes: '是',
  no: '否',
  all: '查看全部',
  remove: '删除',
  edit: '编辑',
  none: '无',
}
