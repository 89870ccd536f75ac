export default {
  desk: '工作台',
  duties: '认领',
  items: '事项',
  departments: '部门',
  conflicts: '冲突',
  standards: '标准',
  rollouts: '下发',
  coverage: '认领覆盖',
  search: '查事项',
  group: {
    center: '本中心',
    standard: '标准管理',
    supervision: '监督',
  },
}
