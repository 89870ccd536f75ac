export default {
  list: '；',
}
