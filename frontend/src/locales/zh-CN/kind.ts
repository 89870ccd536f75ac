export default {
  label: '类别',
  item: '事项',
  department: '部门',
  one: { item: '事项', department: '部门' },
}
