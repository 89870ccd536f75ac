/** Opening hours as people write them: 09:00-12:00，13:30-17:00. */
import type { Week, Weekday } from '@/api/types'

export const WEEKDAYS: Weekday[] = [1, 2, 3, 4, 5, 6, 7]
const MOMENT = /(\d{1,2})[:：](\d{2})/g
/** What may stand between times: signs, and the two words for “until”. */
const BETWEEN = /^[\s,，、;；\-–—~～\u81f3\u5230]*$/

export const written = (hours: string[][] | undefined): string => (hours ?? []).map((span) => span.join('-')).join('，')

const possible = (moment: string) => /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(moment)

/** The spans of a line, or null where it is not written like hours, or out of order. */
export function parsed(line: string): string[][] | null {
  const moments = [...line.matchAll(MOMENT)].map((found) => `${found[1]!.padStart(2, '0')}:${found[2]}`)
  if (!BETWEEN.test(line.replace(MOMENT, '')) || moments.length % 2 > 0 || moments.length > 8) return null
  const ordered = moments.every((moment, place) => place === 0 || moments[place - 1]! < moment)
  if (!ordered || !moments.every(possible)) return null
  return Array.from({ length: moments.length / 2 }, (_, span) => moments.slice(span * 2, span * 2 + 2))
}

/** Days that follow one another with the same hours, told together. */
export function runs(week: Week): { first: Weekday; last: Weekday; hours: string }[] {
  const found: { first: Weekday; last: Weekday; hours: string }[] = []
  for (const day of WEEKDAYS) {
    const hours = written(week[day])
    const before = found.at(-1)
    if (before && before.hours === hours) before.last = day
    else found.push({ first: day, last: day, hours })
  }
  return found
}
