export default {
  about: '每个事项的办理环节由责任部门确认：谁、什么时候、按第几版确认，都记在这里。环节变了，须重新确认。',
  steps: '办理环节',
  step: '{name}（{n} 个工作日）',
  confirmedBy: '确认情况',
  by: '{by} 于 {at} 按第 {n} 版确认',
  states: { asked: '须确认', open: '未确认', stale: '环节已变，须重新确认', confirmed: '已确认', none: '没有环节' },
  confirm: '确认 {n} 项的办理程序',
  done: '已确认 {n} 项',
  doneBut: '已确认 {n} 项；另有 {changed} 项的环节刚刚变化，请看过后再确认',
  empty: '本中心还没有提供事项',
}
