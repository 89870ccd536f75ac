export default {
  about: '按名称查找下级中心正在提供的事项：哪里能办。',
  label: '搜索名称、编码或拼音',
  region: '所属地区',
  center: '中心',
  city: '所属市州',
  start: '输入事项名称开始查找',
  startHint: '例如“食品 许可”，两个词都包含的事项会列出来，并注明在哪个中心提供。',
}
