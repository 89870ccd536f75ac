export default {
  yuan: '元',
}
