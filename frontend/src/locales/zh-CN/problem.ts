export default {
  title: {
    unavailable: '暂时连接不上服务',
    not_found: '没有找到',
    forbidden: '没有权限',
    broken: '没有完成',
    conflict: '现在不能这样做',
    invalid: '内容需要改正',
    changed_meanwhile: '其他人已修改',
    not_signed_in: '登录已过期',
  },
  text: {
    unavailable: '请检查网络后重试；已填写的内容不会丢失。',
    not_found: '内容不存在，或不在您的管理范围内。',
    forbidden: '当前岗位没有此项权限。',
    broken: '出现意外情况，请重试；仍不成功请联系管理员。',
    conflict: '状态已变化，请刷新后再试。',
    invalid: '请按提示改正后再保存。',
    changed_meanwhile: '您编辑期间其他人已保存，请核对后再保存。',
    not_signed_in: '请重新登录。',
  },
}
