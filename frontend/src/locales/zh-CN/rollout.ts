export default {
  empty: '还没有下发过',
  emptyHint: '发布版次后，从版次页面下发到各中心。',
  goStandards: '去标准',
  failedCenters: '{n} 个中心失败',
  state: {
    queued: '排队中',
    running: '下发中',
    done: '完成',
    failed: '失败',
    cancelled: '已取消',
  },
}
