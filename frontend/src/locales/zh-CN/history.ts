export default {
  open: '变更记录',
  title: '变更记录：{name}',
  empty: '还没有变更',
  emptyHint: '保存后的每次修改都会记录在这里。',
  action: {
    created: '新建',
    change_record: '修改',
    claim: '认领',
    settle_conflict: '处理冲突',
    settle_conflicts: '批量处理冲突',
    rollout: '采用新版次',
    demo: '演示数据',
    update: '修改',
  },
}
