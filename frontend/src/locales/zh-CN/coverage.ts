export default {
  center: '中心',
  rate: '认领率',
  open: '未认领',
  conflicts: '冲突',
  centerRecords: '中心记录',
}
