export default {
  title: '消息',
  about: '与您的岗位有关的通知，最新的在前；点击一条可以打开对应的页面。',
  what: '内容',
  state: '状态',
  at: '时间',
  new: '新',
  onlyNew: '只看新的',
  unread: '{n} 条新消息',
  none: '没有新消息',
  empty: '还没有消息',
  emptyHint: '上级下发、撤回版次或有事需要您办理时，这里会收到通知。',
}
