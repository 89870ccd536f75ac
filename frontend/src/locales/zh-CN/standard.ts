export default {
  label: '标准',
}
