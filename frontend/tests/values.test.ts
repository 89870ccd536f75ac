import { describe, expect, test } from 'vitest'
import { faultOf, keptOrAll, parseNumber } from '@/composables/check'
import { cell, csv, fetchAll } from '@/composables/csv'
import { date, percent, useFormat } from '@/composables/format'
import { classesIn, passwordRules } from '@/modules/session/passwordRules'
import { COLUMNS, field, within } from './support'

describe('numbers as clerks type them', () => {
  test.each([
    ['12', 12],
    ['  7 ', 7],
    ['１２', 12],
    ['', null],
    ['0', 0],
    ['1.5', '1.5'],
    ['十', '十'],
    ['1e3', '1e3'],
  ])('whole: %s', (text, value) => {
    expect(parseNumber(text, true)).toBe(value)
  })
  test.each([
    ['12.50', 12.5],
    ['１．５', 1.5],
    ['1.234', '1.234'],
    ['￥3', '￥3'],
  ])('money: %s', (text, value) => {
    expect(parseNumber(text, false)).toBe(value)
  })
})

describe('faults said before sending', () => {
  test('a value at the bound is good, one above it is not', () => {
    expect(faultOf(field(), 10)).toBeNull()
    expect(faultOf(field(), 11)).toEqual({ key: 'field.fault.at_most', bound: 10 })
  })
  test('what is no number, and what is below zero', () => {
    expect(faultOf(field(), '十')?.key).toBe('field.fault.whole')
    expect(faultOf(field({ type: 'money' }), 'x')?.key).toBe('field.fault.number')
    expect(faultOf(field(), -1)?.key).toBe('field.fault.negative')
  })
  test('taking the standard again is no fault, dropping the whole list is', () => {
    expect(faultOf(field(), null)).toBeNull()
    expect(faultOf(field({ type: 'choices', rule: 'subset', bound: ['1'] }), [])?.key).toBe('field.fault.none_left')
    const list = field({ type: 'parts', rule: 'subset', bound: [{ code: 'M1' }, { code: 'M2' }] })
    expect(faultOf(list, { drop: ['M1', 'M2'] })?.key).toBe('field.fault.none_left')
    expect(faultOf(list, { drop: ['M1'] })).toBeNull()
  })
  test('a value below a least one, a grade below a least one, more than the whole', () => {
    expect(faultOf(field({ rule: 'at_least' }), 9)).toEqual({ key: 'field.fault.at_least', bound: 10 })
    expect(faultOf(field({ rule: 'at_least' }), 10)).toBeNull()
    expect(faultOf(field({ type: 'grade', rule: 'at_least', bound: 2 }), 1)?.key).toBe('field.fault.at_least')
    expect(faultOf(field({ type: 'percent', rule: 'default' }), 101)?.key).toBe('field.fault.percent')
  })
  test('a recommended value has no bound', () => {
    expect(faultOf(field({ rule: 'default' }), 99)).toBeNull()
  })
  test('keeping everything is the same as saying nothing', () => {
    expect(keptOrAll(['M1', 'M2'], ['M1', 'M2'])).toBeNull()
    expect(keptOrAll(['M1'], ['M1', 'M2'])).toEqual(['M1'])
  })
})

describe('how values are written', () => {
  const { text } = within(() => useFormat())
  test('with unit, with two decimals, by their labels', () => {
    expect(text(1135, field())).toBe('1,135 个工作日')
    expect(text(20, field({ type: 'money', unit: '元' }))).toBe('20.00 元')
    expect(text('b', field({ type: 'choice', choices: [{ code: 'b', label: '乙' }] }))).toBe('乙')
    const departments = [{ code: 'BM06', label: '民政局' }]
    expect(text('BM06', field({ type: 'code', choices: departments }))).toBe('民政局（BM06）')
    expect(text('BM07', field({ type: 'code', choices: departments }))).toBe('BM07')
    expect(text(null, field())).toBe('—')
    expect(text(0, field())).toBe('0 个工作日')
  })
  test('parts are named from the standard, and a change of them is told', () => {
    const all = [
      { code: 'M1', name: '申请表' },
      { code: 'M2', name: '身份证' },
    ]
    const parts = field({ type: 'parts', columns: COLUMNS })
    expect(text(all, parts)).toBe('申请表；身份证')
    expect(text(['M2', 'M9'], parts, all)).toBe('身份证；M9')
    const change = { drop: ['M2'], set: { M1: { copies: 1 } }, add: [{ code: 'L1', name: '承诺书' }] }
    expect(text(change, parts, all)).toBe('减去 身份证；申请表：份数 1 份；增加 承诺书')
  })
  test('yes and no, grades by their words, percentages', () => {
    expect(text(false, field({ type: 'boolean' }))).toBe('否')
    expect(text(2, field({ type: 'grade', choices: [{ code: '2', label: '大专' }], unit: '' }))).toBe('大专')
    expect(text(12.5, field({ type: 'percent', unit: '' }))).toBe('12.5 %')
  })
  test('dates as 2026-11-23, and rates that never flatter', () => {
    expect(date('2026-11-23')).toBe('2026-11-23')
    expect(date(null)).toBe('—')
    expect(percent(1134, 1135)).toBe('99.9 %')
    expect(percent(1, 100000)).toBe('0.1 %')
    expect(percent(5, 5)).toBe('100 %')
    expect(percent(0, 0)).toBe('—')
  })
})

describe('export', () => {
  test('quotes, commas and line breaks stay in their cell', () => {
    expect(cell('a,"b"\nc')).toBe('"a,""b""\nc"')
  })
  test('a text that a spreadsheet would run is made harmless, a negative number is left alone', () => {
    expect(cell('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"')
    expect(cell('-5')).toBe('-5')
  })
  test('the columns on the screen, in their order', () => {
    const columns = [{ key: 'a', label: '甲', text: (row: { a: number }) => String(row.a) }]
    expect(csv(columns, [{ a: 1 }, { a: 2 }])).toBe('甲\r\n1\r\n2\r\n')
  })
  test('all pages are fetched, and a list that shrinks meanwhile ends', async () => {
    const pages = [[1, 2], [3]]
    const rows = await fetchAll(async (page) => ({ rows: pages[page - 1] ?? [], total: 3, page, per_page: 2 }))
    expect(rows).toEqual([1, 2, 3])
    const shrunk = await fetchAll(async (page) => ({ rows: page === 1 ? [1] : [], total: 9, page, per_page: 1 }))
    expect(shrunk).toEqual([1])
  })
})

test('password rules are met one by one', () => {
  const met = (password: string, again = password) => passwordRules(password, again).map((rule) => rule.met)
  expect(met('short')).toEqual([false, false, true])
  expect(met('longenough1')).toEqual([true, false, true])
  expect(met('LongEnough1')).toEqual([true, true, true])
  expect(met('LongEnough1', 'x')).toEqual([true, true, false])
  expect(classesIn('aA1!')).toBe(4)
})
