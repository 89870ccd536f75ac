import { expect, test, vi } from 'vitest'
import { inTime, today } from '@/composables/days'
import { nearest } from '@/composables/nearest'

test('today is the day in China, also where it is still yesterday', () => {
  vi.useFakeTimers({ now: new Date('2026-11-23T17:00:00Z') })
  expect(today()).toBe('2026-11-24')
  vi.useRealTimers()
})

test('a day is in time after today and up to the last one', () => {
  vi.useFakeTimers({ now: new Date('2026-11-23T03:00:00Z') })
  expect(inTime('2026-11-23', null)).toBe(false)
  expect(inTime('2026-11-24', null)).toBe(true)
  expect(inTime('2026-12-20', '2026-12-20')).toBe(true)
  expect(inTime('2026-12-21', '2026-12-20')).toBe(false)
  expect(inTime(null, '2026-12-20')).toBe(false)
  vi.useRealTimers()
})

test('what is kept begins inside the new bound', () => {
  expect(nearest(8, { rule: 'at_most', bound: 5 })).toBe(5)
  expect(nearest(['a', 'b'], { rule: 'subset', bound: ['b', 'c'] })).toEqual(['b'])
  expect(nearest(['a'], { rule: 'superset', bound: ['b'] })).toEqual(['b', 'a'])
  expect(nearest('own words', { rule: 'default', bound: 'theirs' })).toBe('own words')
})
