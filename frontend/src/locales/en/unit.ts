export default {
  yuan: 'CNY',
}
