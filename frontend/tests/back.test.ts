import { expect, test } from 'vitest'
import RolloutBar from '@/components/RolloutBar.vue'
import AmendedFieldRow from '@/modules/amendment/AmendedFieldRow.vue'
import { field, show } from './support'

const none = { planned: 0, announced: 0, accepted: 0, postponed: 0, declined: 0, waiting: 0, exempt: 0 }
const counts = { ...none, adopted: 0, unchanged: 0, rolled_back: 203, failed: 0 }

test('what was taken back everywhere says how many went back, and not that none is done', async () => {
  const { wrapper } = await show(RolloutBar, { label: '进度', of: { counts, total: 203 } })
  expect(wrapper.text()).toContain('203 / 203')
  expect(wrapper.text()).toContain('已回退 203 个中心')
  expect(wrapper.find('.track .plain').exists()).toBe(true)
})

test('where some went back the others count on', async () => {
  const some = { ...counts, adopted: 200, rolled_back: 3 }
  const { wrapper } = await show(RolloutBar, { label: '进度', of: { counts: some, total: 203 } })
  expect(wrapper.text()).toContain('200 / 203')
  expect(wrapper.text()).toContain('已回退 3 个中心')
})

const amended = {
  ...field(),
  upper: 10,
  upper_rule: 'at_most',
  upper_required: false,
  rules: ['at_most', 'fixed'],
  merged: 10,
  merged_rule: 'at_most',
  editable: true,
}

test.each([
  ['', '市级修订', '尚不生效'],
  ['不能超过 10 个工作日', '尚不生效', '市级修订'],
])('a value that is not allowed is not called amended (%s)', async (error, told, untold) => {
  const props = { field: amended, writable: true, value: error ? 12 : 8, rule: 'at_most', required: false }
  const { wrapper } = await show(AmendedFieldRow, { ...props, error, errors: {}, owner: '四川省' })
  const badges = wrapper.find('.badges').text()
  expect(badges).toContain(told)
  expect(badges).not.toContain(untold)
})
