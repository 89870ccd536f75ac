export default {
  label: 'Edition',
  number: 'Edition {n}',
  changes: '{n} changes',
}
