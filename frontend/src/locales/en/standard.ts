export default {
  label: 'Standard',
}
