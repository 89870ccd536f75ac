import { expect, test } from 'vitest'
import { date, dateTime } from '@/composables/format'
import { dayOf, today } from '@/composables/days'
import { inSingular } from '@/i18n/singular'

test('one of something is said in the singular, and only one', () => {
  expect(inSingular('1 visits')).toBe('1 visit')
  expect(inSingular('1 working days')).toBe('1 working day')
  expect(inSingular('1 local values are kept, 1 conflicts')).toBe('1 local value is kept, 1 conflict')
  expect(inSingular('1 duties, 1 people')).toBe('1 duty, 1 person')
  expect(inSingular('21 centers, 1.1 points, 2 / 1 rows')).toBe('21 centers, 1.1 points, 2 / 1 row')
})

test('a moment is told by the clocks of China, wherever the browser stands', () => {
  const before = process.env.TZ
  for (const zone of ['America/Los_Angeles', 'UTC', 'Pacific/Auckland']) {
    process.env.TZ = zone
    expect(date('2026-11-23T17:30:00Z')).toBe('2026-11-24')
    expect(dateTime('2026-11-23T17:30:00+00:00')).toBe('2026-11-24 01:30')
    expect(date('2026-11-23')).toBe('2026-11-23')
    expect(dayOf(new Date(2026, 10, 23))).toBe('2026-11-23')
    expect(today()).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  }
  process.env.TZ = before
})
