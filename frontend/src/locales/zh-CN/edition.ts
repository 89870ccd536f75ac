export default {
  label: '版次',
  number: '第 {n} 版',
  changes: '{n} 处改动',
}
