/** Working days of a year, and the days that a province sets itself. */
import { get, put, remove } from './client'

const DAY = '/api/calendar/days/{day}'
export const calendar = (year: number) => get('/api/calendar', { query: { year } })
export const setDay = (day: string, body: { working: boolean; name: string }) => put(DAY, { path: { day }, body })
export const unsetDay = (day: string) => remove(DAY, { path: { day } })
