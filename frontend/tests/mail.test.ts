import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { Digest } from '@/api/types'
import { i18n } from '@/i18n'
import AddressPanel from '@/modules/mail/AddressPanel.vue'
import ChoicePanel from '@/modules/mail/ChoicePanel.vue'
import LetterPanel from '@/modules/mail/LetterPanel.vue'

const DIGEST: Digest = {
  configured: true,
  center: '广安区',
  address: 'z***@example.gov.cn',
  state: 'confirmed',
  confirm_until: null,
  frequency: 'daily',
  hour: 8,
  language: 'zh-CN',
  next_on: '2026-12-02',
  last: null,
}
const shown = (panel: typeof AddressPanel | typeof ChoicePanel, digest: Partial<Digest>) =>
  mount(panel as never, { props: { digest: { ...DIGEST, ...digest } } as never, global: { plugins: [i18n] } })

test('an address that is refused says so, and can be asked again or changed', () => {
  const found = shown(AddressPanel, { state: 'refused' })
  expect(found.text()).toContain('邮件服务器不接收')
  expect(found.text()).toContain('再发一封确认邮件')
  expect(found.text()).toContain('更换邮箱')
})

test('a confirmed address is not asked again', () => {
  expect(shown(AddressPanel, {}).text()).not.toContain('再发一封确认邮件')
})

test('without a mail server an address that is there can be removed, and no other be given', () => {
  const found = shown(AddressPanel, { configured: false })
  expect(found.findAll('button').map((button) => button.text())).toContain('删除邮箱')
  expect(found.text()).not.toContain('更换邮箱')
  expect(found.find('form').exists()).toBe(false)
})

test('the next letter is named by its day and hour, and saving waits for a change', () => {
  const found = shown(ChoicePanel, {})
  expect(found.text()).toContain('下一封：2026-12-02 08:00')
  expect(found.find('button[type=submit]').attributes('disabled')).toBeDefined()
})

test.each([
  ['failed', '550', '服务器答复 550'],
  ['unclear', '', '为避免重复，不再寄这一封'],
  ['waiting', '451', '稍后自动再试'],
] as const)('of a letter that is %s it is said why', (state, code, words) => {
  const letter = { purpose: 'digest', state, code, day: '2026-12-01', at: '2026-12-01T00:00:00Z', attempts: 1 } as const
  const found = mount(LetterPanel, { props: { letter }, global: { plugins: [i18n] } })
  expect(found.text()).toContain(words)
})
