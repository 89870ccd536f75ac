export default {
  name: 'Name',
  itemName: 'Item',
  code: 'Code',
  itemType: 'Type',
  department: 'Department',
  differs: 'Differs',
  state: 'State',
}
