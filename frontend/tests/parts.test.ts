import { describe, expect, test } from 'vitest'
import type { Part } from '@/api/types'
import {
  added,
  applied,
  cellSet,
  dropped,
  inside,
  mayAdd,
  mayDrop,
  maySet,
  nextCode,
  withCell,
} from '@/composables/parts'
import { groupsOf } from '@/modules/edition/groups'
import { cellErrors } from '@/modules/edition/provisionForm'
import { COLUMNS } from './support'

const [code, name, copies, note] = COLUMNS as [
  (typeof COLUMNS)[0],
  (typeof COLUMNS)[0],
  (typeof COLUMNS)[0],
  (typeof COLUMNS)[0],
]
const standard: Part[] = [
  { code: 'M1', name: '申请表', copies: 2 },
  { code: 'M2', name: '身份证' },
]

describe('a change of a list', () => {
  test('says what is dropped, set and added; nothing changed is no value', () => {
    const first = dropped(null, 'M2', true)
    expect(first).toEqual({ drop: ['M2'] })
    const second = cellSet(first, 'M1', copies, 1)
    expect(second).toEqual({ drop: ['M2'], set: { M1: { copies: 1 } } })
    const third = added(second, [{ code: 'L1', name: '承诺书' }])
    expect(third).toEqual({ drop: ['M2'], set: { M1: { copies: 1 } }, add: [{ code: 'L1', name: '承诺书' }] })
    expect(added(dropped(cellSet(third, 'M1', copies, null), 'M2', false), [])).toBeNull()
  })
  test('what is dropped is no longer set', () => {
    expect(dropped({ set: { M1: { copies: 1 } } }, 'M1', true)).toEqual({ drop: ['M1'] })
  })
  test('is laid over the standard by code, also over one that has grown', () => {
    const change = { drop: ['M2'], set: { M1: { copies: 1 } }, add: [{ code: 'L1', name: '承诺书' }] }
    const grown = [...standard, { code: 'M3', name: '新增' }]
    expect(applied(grown, change)).toEqual([
      { code: 'M1', name: '申请表', copies: 1 },
      { code: 'M3', name: '新增' },
      { code: 'L1', name: '承诺书' },
    ])
    expect(applied([{ code: 'L1', name: '同码' }], change)).toEqual([{ code: 'L1', name: '同码' }])
    expect(applied(standard, null)).toEqual(standard)
  })
  test('is brought inside a bound without losing what is allowed', () => {
    const change = { drop: ['M2'], set: { M1: { copies: 3, note: '原件' } }, add: [{ code: 'L1' }] }
    expect(inside(change, standard, COLUMNS, 'subset')).toEqual({ drop: ['M2'], set: { M1: { note: '原件' } } })
    expect(inside({ add: [{ code: 'L1' }] }, standard, COLUMNS, 'subset')).toBeNull()
    expect(inside({ drop: ['M2'] }, standard, COLUMNS, 'superset')).toBeNull()
  })
})

test('each rule lets one do what it says', () => {
  expect([mayDrop('subset'), mayDrop('superset'), mayDrop('default'), mayDrop('fixed')]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([mayAdd('subset'), mayAdd('superset'), mayAdd('local'), mayAdd('fixed')]).toEqual([false, true, true, false])
  expect([maySet(code, 'default'), maySet(name, 'subset'), maySet(name, 'default')]).toEqual([false, false, true])
  expect([maySet(copies, 'subset'), maySet(note, 'superset'), maySet(copies, 'fixed')]).toEqual([true, true, false])
})

test('the next code follows the pattern of those that are there', () => {
  expect(nextCode([], 'M')).toBe('M01')
  expect(nextCode([{ code: 'M1' }, { code: 'M9' }], 'X')).toBe('M10')
  expect(nextCode([{ code: 'M08' }, { code: 'M09' }], 'X')).toBe('M10')
  expect(nextCode([{ code: 'A7' }, { code: 'S01' }], 'X')).toBe('S02')
  expect(nextCode([{ code: '材料' }], 'M')).toBe('M01')
})

test('an emptied cell is left out', () => {
  expect(withCell({ code: 'M1', copies: 2 }, copies, null)).toEqual({ code: 'M1' })
  expect(withCell({ code: 'M1' }, copies, 0)).toEqual({ code: 'M1', copies: 0 })
})

test('errors of a list go to its cells', () => {
  const refusals = { 'content.steps': '合计超过', 'content.steps.0.limit': '须为整数', 'content.steps_2.0.x': '别处' }
  expect(cellErrors(refusals, 'content.steps')).toEqual({ '0.limit': '须为整数' })
})

test('fields stand in the sections they name, in their order', () => {
  const field = (name: string, group: string) => ({ name, group, group_label: group }) as never
  const groups = groupsOf([field('a', 'basic'), field('b', 'limits'), field('c', 'basic')])
  expect(groups.map((group) => [group.key, group.fields.map((one) => one.name)])).toEqual([
    ['basic', ['a', 'c']],
    ['limits', ['b']],
  ])
})
