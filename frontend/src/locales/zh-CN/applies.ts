export default {
  title: '适用范围',
  all: '不限',
  concerns: '适用于 {n} 个中心（共 {of} 个）',
  narrow: '进一步限定（部门类别、地区、标签）',
  hide: '收起',
  classes: '部门类别',
  regions: '地区',
  labels: '标签',
  withBelow: '{name}（含所辖区县）',
  labelOf: '{label}（{n} 个中心）',
  none: {
    classes: '没有部门类别',
    regions: '没有下级中心',
    labels: '还没有标签，请先在“标签”页设置',
  },
}
