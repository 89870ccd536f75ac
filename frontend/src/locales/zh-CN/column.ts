export default {
  name: '名称',
  itemName: '事项名称',
  code: '编码',
  itemType: '事项类型',
  department: '部门',
  differs: '与标准不同',
  state: '状态',
}
