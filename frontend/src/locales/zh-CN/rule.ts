export default {
  fixed: '统一',
  at_most: '只紧',
  subset: '只减',
  default: '推荐',
  local: '本地',
  required: '必填',
  help: {
    fixed: '全省统一，下级不能修改',
    at_most: '下级只能更严，不得超过标准值',
    subset: '下级只能减少，不得增加',
    default: '标准给出推荐值，下级可以修改',
    local: '由各中心自行填写',
  },
}
