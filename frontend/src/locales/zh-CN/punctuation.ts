export default {
  list: '；',
  coded: '{name}（{code}）',
}
