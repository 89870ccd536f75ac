/** Days as the server writes them: 2026-11-23. */

/** China keeps one time, without summer time, and every clock of the product shows it. */
const AHEAD = 8 * 3_600_000

/** A moment as clocks in China show it: 2026-11-23T08:30:00.000Z, its `Z` without a meaning. */
export const chinaTime = (moment: string | number): string => new Date(new Date(moment).getTime() + AHEAD).toISOString()

/** Today in China, wherever the browser stands. */
export const today = (): string => chinaTime(Date.now()).slice(0, 10)

const two = (number: number) => String(number).padStart(2, '0')

/** The day of a cell of a calendar, which knows the browser's midnight only. */
export const dayOf = (cell: Date): string => `${cell.getFullYear()}-${two(cell.getMonth() + 1)}-${two(cell.getDate())}`

/** Before today: the day itself still counts. */
export const hasEnded = (day: string | null): boolean => day !== null && day < today()

/** After today, and not after the last day there is. */
export function inTime(day: string | null, last: string | null): boolean {
  return day !== null && day > today() && (last === null || day <= last)
}
