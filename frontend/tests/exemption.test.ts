import { expect, test, vi } from 'vitest'
import DateField from '@/components/DateField.vue'
import AskDialog from '@/modules/exemption/AskDialog.vue'
import PinBadge from '@/modules/exemption/PinBadge.vue'
import { field, settled, show } from './support'

const pin = { reason: 'exempt', value: 6, granted_by: '四川省', until: '2027-02-28', whole: false, exemption_id: 3 }

test('beside an exempt field stands what was approved, and by whom', async () => {
  const { wrapper } = await show(PinBadge, { pin, field: field(), linked: false })
  expect(wrapper.text()).toContain('豁免至 2027-02-28')
  expect(wrapper.text()).toContain('四川省批准：6 个工作日')
})

test('what is postponed names no leave', async () => {
  const postponed = { ...pin, reason: 'postponed', value: null, granted_by: null, exemption_id: null }
  const { wrapper } = await show(PinBadge, { pin: postponed, field: field(), linked: false })
  expect(wrapper.text()).not.toContain('批准')
})

test('who asks for leave says what it would have instead', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch')
  const props = { modelValue: true, kind: 'item', recordId: 1, name: '事项', field: field(), local: null }
  const { wrapper } = await show(AskDialog, props)
  const dialog = document.body.querySelector('.el-dialog')!
  expect(dialog.querySelector('label[for="ask-value"]')!.textContent).toContain('必填')
  dialog.querySelector<HTMLButtonElement>('.el-button--primary')!.click()
  await settled()
  expect(dialog.textContent).toContain('请填写希望执行的值。')
  expect(fetched).not.toHaveBeenCalled()
  wrapper.unmount()
})

test('a date that is not chosen shows no date', async () => {
  const { wrapper } = await show(DateField, { modelValue: null, inputId: 'day' })
  expect(wrapper.find('input').attributes('placeholder')).toBe('年-月-日')
})
