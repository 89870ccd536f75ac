import { expect, test } from 'vitest'
import HistoryDrawer from '@/components/HistoryDrawer.vue'
import FieldTable from '@/modules/across/FieldTable.vue'
import SpreadPanel from '@/modules/across/SpreadPanel.vue'
import { proposable } from '@/modules/proposal/proposable'
import type { CenterRecord, FieldSpread } from '@/api/types'
import { COLUMNS, field, settled, show } from './support'

const spread = (part: Partial<FieldSpread> = {}): FieldSpread => ({
  ...field(),
  values: 3,
  centers: 6,
  differing: 5,
  empty: 0,
  outliers: 1,
  numbers: {
    min: 2,
    q1: 8,
    median: 8.5,
    q3: 9,
    max: 10,
    low: 6.5,
    high: 10.5,
    bars: [
      { from: 2, to: 2, centers: 1 },
      { from: 9, to: 9, centers: 4 },
      { from: 10, to: 10, centers: 1 },
    ],
  },
  shares: null,
  parts: null,
  ...part,
})

test('each number is a bar in a table, and leads to its centers', async () => {
  const { wrapper, router } = await show(SpreadPanel, { field: spread(), offered: 6 }, '/?field=committed_limit')
  const rows = wrapper.findAll('.bars tbody tr')
  expect(rows).toHaveLength(3)
  expect(rows[0]!.text()).toContain('突出')
  expect(rows[2]!.text()).toContain('标准值')
  expect(wrapper.text()).toContain('8.5 个工作日')
  await rows[1]!.find('button').trigger('click')
  await settled()
  expect(router.currentRoute.value.query).toEqual({ field: 'committed_limit', at_least: '9', at_most: '9' })
  await wrapper.findAll('.bars tbody tr')[1]!.find('button').trigger('click')
  await settled()
  expect(router.currentRoute.value.query).toEqual({ field: 'committed_limit' })
})

test('of a list it is told what is left out and what is changed', async () => {
  const parts = {
    dropped: [{ code: 'M3', name: '材料三', centers: 2 }],
    added: [{ name: '另一份', centers: 1 }],
    changed: [
      {
        code: 'M1',
        name: '材料一',
        column: 'copies',
        label: '份数',
        standard: 3,
        centers: 1,
        values: [{ value: 1, centers: 1 }],
      },
    ],
  }
  const materials = spread({
    name: 'materials',
    label: '申请材料',
    type: 'parts',
    columns: COLUMNS,
    numbers: null,
    parts,
  })
  const { wrapper, router } = await show(SpreadPanel, { field: materials, offered: 6 })
  expect(wrapper.text()).toContain('材料一：份数')
  expect(wrapper.text()).toContain('3 份 →')
  await wrapper.find('.bars button').trigger('click')
  await settled()
  expect(router.currentRoute.value.query).toEqual({ dropped: 'M3' })
})

test('fields in which all do the same stand behind a button', async () => {
  const fields = [
    spread({ name: 'fee', label: '收费', differing: 0, values: 1 }),
    spread(),
    spread({ name: 'visit_count', label: '到现场次数', differing: 2 }),
  ]
  const { wrapper } = await show(FieldTable, { fields, current: 'committed_limit' })
  const names = () => wrapper.findAll('tbody th button').map((one) => one.text())
  expect(names()).toEqual(['承诺办结时限', '到现场次数'])
  await wrapper.find('p button').trigger('click')
  expect(names()).toContain('收费')
  await wrapper.findAll('tbody th button')[1]!.trigger('click')
  expect(wrapper.emitted('look')).toEqual([['visit_count']])
})

test('only what a center does otherwise, and what holds, can be proposed', () => {
  const fields = [
    field({ name: 'a', set_by: 'here', local: 5, effective: 5 }),
    field({ name: 'b' }),
    field({ name: 'c', set_by: 'here', rule: 'local', standard: null, local: '1号', effective: '1号' }),
    field({ name: 'd', set_by: 'here', local: 10, effective: 10 }),
  ]
  expect(proposable({ fields } as CenterRecord).map((one) => one.name)).toEqual(['a'])
})

test('the time line tells which edition came by which roll-out, and what was postponed', async () => {
  const entry = { at: '2026-11-01T08:00:00+08:00', actor: '张三', changes: [], rollout: null, pin: null }
  const load = async () => [
    {
      ...entry,
      action: 'adopted',
      edition: { number: 2 },
      from_edition: { number: 1 },
      rollout: { id: 7, reason: '提速' },
    },
    {
      ...entry,
      action: 'postponed',
      edition: { number: 2 },
      from_edition: null,
      pin: { field: 'committed_limit', label: '承诺办结时限', until: '2026-12-01' },
    },
  ]
  document.body.innerHTML = '<div id="layers"></div>'
  await show(HistoryDrawer, { modelValue: true, name: '事项', fields: [], load })
  const told = document.body.textContent ?? ''
  expect(told).toContain('采用新版次')
  expect(told).toContain('第 1 版 → 第 2 版')
  expect(told).toContain('下发说明：提速')
  expect(told).toContain('到 2026-12-01')
})
