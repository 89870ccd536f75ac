/** The days of a year in months and weeks that begin on Monday, and the way through them by keyboard. */
import type { CalendarDay } from '@/api/types'

/** 0 for Monday. */
export function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
}

export interface Month {
  number: number
  weeks: (CalendarDay | null)[][]
}

export function months(days: CalendarDay[]): Month[] {
  const found: Month[] = []
  for (const day of days) {
    const number = Number(day.day.slice(5, 7))
    const month = (found[number - 1] ??= { number, weeks: [] })
    const place = weekday(day.day)
    if (place === 0 || month.weeks.length === 0) month.weeks.push(Array<CalendarDay | null>(7).fill(null))
    month.weeks.at(-1)![place] = day
  }
  return found
}

function moved(day: string, by: { days?: number; months?: number }): string {
  const date = new Date(`${day}T00:00:00Z`)
  if (by.months) {
    const wanted = date.getUTCDate()
    date.setUTCDate(1)
    date.setUTCMonth(date.getUTCMonth() + by.months)
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
    date.setUTCDate(Math.min(wanted, last))
  } else date.setUTCDate(date.getUTCDate() + (by.days ?? 0))
  return date.toISOString().slice(0, 10)
}

/** Where a key leads from a day; null where it is none of ours or leads out of the year. */
export function stepped(day: string, key: string): string | null {
  const ways: Record<string, { days?: number; months?: number }> = {
    ArrowLeft: { days: -1 },
    ArrowRight: { days: 1 },
    ArrowUp: { days: -7 },
    ArrowDown: { days: 7 },
    PageUp: { months: -1 },
    PageDown: { months: 1 },
    Home: { days: -weekday(day) },
    End: { days: 6 - weekday(day) },
  }
  const way = ways[key]
  if (!way) return null
  const next = moved(day, way)
  return next.slice(0, 4) === day.slice(0, 4) ? next : null
}
