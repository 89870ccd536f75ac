export default {
  label: 'Kind',
  item: 'Items',
  department: 'Departments',
}
