export default {
  about: '上级标准要求本中心逐项答复：提供、不提供，或由其他事项覆盖。',
  kinds: '类别',
  empty: '目前没有需要认领的条目',
  emptyHint: '省级下发标准后，需要答复的条目会出现在这里。',
}
