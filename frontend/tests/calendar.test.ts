import { expect, test } from 'vitest'
import type { CalendarDay } from '@/api/types'
import { months, stepped, weekday } from '@/modules/calendar/months'
import { useDayWords } from '@/modules/calendar/words'
import { within } from './support'

function year(number: number): CalendarDay[] {
  const days: CalendarDay[] = []
  for (let at = Date.UTC(number, 0, 1); new Date(at).getUTCFullYear() === number; at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    days.push({ day, working: weekday(day) < 5, public: weekday(day) < 5, holiday: '', own: null })
  }
  return days
}

test('a year is twelve months in weeks that begin on Monday', () => {
  const found = months(year(2026))
  expect(found).toHaveLength(12)
  expect(found[0]!.weeks[0]!.map((day) => day?.day ?? null)).toEqual([
    null,
    null,
    null,
    '2026-01-01',
    '2026-01-02',
    '2026-01-03',
    '2026-01-04',
  ])
  expect(found.flatMap((month) => month.weeks.flat()).filter(Boolean)).toHaveLength(365)
})

test.each([
  ['2026-11-24', 'ArrowRight', '2026-11-25'],
  ['2026-11-30', 'ArrowRight', '2026-12-01'],
  ['2026-11-24', 'ArrowUp', '2026-11-17'],
  ['2026-11-24', 'Home', '2026-11-23'],
  ['2026-11-24', 'End', '2026-11-29'],
  ['2026-03-31', 'PageUp', '2026-02-28'],
  ['2026-12-31', 'ArrowRight', null],
  ['2026-11-24', 'a', null],
] as const)('from %s the key %s leads to %s', (day, key, to) => expect(stepped(day, key)).toBe(to))

test('of each day it is said whether it is worked, and who says so', () => {
  const { said } = within(() => useDayWords())
  const plain = { day: '2026-11-24', working: true, public: true, holiday: '', own: null }
  expect(said(plain)).toBe('上班')
  expect(said({ ...plain, working: false, public: false, holiday: '国庆节' })).toBe('休息（国庆节）')
  expect(said({ ...plain, day: '2026-10-10' })).toBe('上班（调休上班）')
  const own = { name: '藏历新年', owner: '四川省', here: true }
  expect(said({ ...plain, working: false, own })).toBe('休息（四川省设置：藏历新年）')
})
