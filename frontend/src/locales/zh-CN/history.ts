export default {
  open: '变更记录',
  title: '变更记录：{name}',
  empty: '还没有变更',
  emptyHint: '保存后的每次修改都会记录在这里。',
  system: '系统',
  action: {
    insert: '新建',
    update: '修改',
    delete: '删除',
    claim: '认领',
    save: '保存',
    adopt: '采用新版次',
    settle: '处理冲突',
    created: '新建',
    changed: '修改',
    removed: '删除',
  },
}
