export default {
  name: 'Name',
  itemName: 'Item',
  departmentName: 'Department',
  code: 'Code',
  itemType: 'Type',
  department: 'Department',
  differs: 'Differs',
  state: 'State',
}
