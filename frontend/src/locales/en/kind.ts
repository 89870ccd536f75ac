export default {
  label: 'Kind',
  item: 'Items',
  department: 'Departments',
  one: { item: 'Item', department: 'Department' },
}
