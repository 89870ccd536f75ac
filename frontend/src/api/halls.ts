/** Halls, zones and windows; every change names the version it was made on. */
import { get, ifMatch, post, put } from './client'
import { problemOf } from './problem'
import { sessionFetch } from './transport'
import type { ClosingBody, HallBody, HallDayBody, Key, Place, Week, WindowBody, ZoneBody } from './types'
import type { ListQuery } from '@/composables/listState'

const HALL = '/api/halls/{hall_id}'
const ZONE = `${HALL}/zones/{zone_id}` as const
const WINDOW = '/api/windows/{window_id}'
const hallAt = (id: Key) => ({ hall_id: id })
const windowAt = (id: Key) => ({ window_id: id })

export const halls = (query: ListQuery) => get('/api/halls', { query })
export const openHall = (body: HallBody) => post('/api/halls', { body })
export const hallMap = (id: Key) => get(`${HALL}/map`, { path: hallAt(id) })
export const changeHall = (id: Key, version: number, body: HallBody) =>
  put(HALL, { path: hallAt(id), body, headers: ifMatch(version) })
export const closeHall = (id: Key, version: number, body: ClosingBody) =>
  post(`${HALL}/closing`, { path: hallAt(id), body, headers: ifMatch(version) })
export const setPlan = (id: Key, version: number, weekly: Week) =>
  put(`${HALL}/plan`, { path: hallAt(id), body: { weekly }, headers: ifMatch(version) })
export const setDay = (id: Key, version: number, day: string, body: HallDayBody) =>
  put(`${HALL}/days/{day}`, { path: { ...hallAt(id), day }, body, headers: ifMatch(version) })
export const calendar = async (id: Key, year: number, month: number) =>
  (await get(`${HALL}/calendar`, { path: hallAt(id), query: { year, month } })).days

export const openZone = (hall: Key, body: ZoneBody) => post(`${HALL}/zones`, { path: hallAt(hall), body })
export const changeZone = (hall: Key, zone: Key, version: number, body: ZoneBody) =>
  put(ZONE, { path: { ...hallAt(hall), zone_id: zone }, body, headers: ifMatch(version) })
export const closeZone = (hall: Key, zone: Key, version: number) =>
  post(`${ZONE}/closing`, { path: { ...hallAt(hall), zone_id: zone }, headers: ifMatch(version) })

export const windows = (query: ListQuery) => get('/api/windows', { query })
export const arrangedDepartments = async () => (await get('/api/windows/departments')).rows
export const openWindow = (hall: Key, body: WindowBody & Partial<Place>) =>
  post(`${HALL}/windows`, { path: hallAt(hall), body })
export const readWindow = (id: Key) => get(WINDOW, { path: windowAt(id) })
export const changeWindow = (id: Key, version: number, body: WindowBody) =>
  put(WINDOW, { path: windowAt(id), body, headers: ifMatch(version) })
export const placeWindow = (id: Key, version: number, body: Place) =>
  put(`${WINDOW}/place`, { path: windowAt(id), body, headers: ifMatch(version) })
export const setOwnPlan = (id: Key, version: number, weekly: Week | null) =>
  put(`${WINDOW}/plan`, { path: windowAt(id), body: { weekly }, headers: ifMatch(version) })
export const closeWindow = (id: Key, version: number, body: ClosingBody) =>
  post(`${WINDOW}/closing`, { path: windowAt(id), body, headers: ifMatch(version) })
export const assignments = (id: Key, query: ListQuery) => get(`${WINDOW}/assignments`, { path: windowAt(id), query })
export const assign = (
  id: Key,
  version: number,
  body: { since: string; departments?: string[]; items?: number[]; items_of?: string[] },
) => post(`${WINDOW}/assignments`, { path: windowAt(id), body, headers: ifMatch(version) })
export const endAssignments = (id: Key, version: number, ids: number[], until: string) =>
  post(`${WINDOW}/endings`, { path: windowAt(id), body: { ids, until }, headers: ifMatch(version) })
export const itemChoices = (id: Key, query: ListQuery) => get(`${WINDOW}/items`, { path: windowAt(id), query })
/** The sign as PDF: sent to be kept. */
export const signPdf = async (id: Key) => {
  const answer = await sessionFetch(new Request(new URL(`/api/windows/${id}/sign/pdf`, location.origin)))
  if (!answer.ok) throw await problemOf(answer)
  return answer.blob()
}
export const windowSign = (id: Key) => get(`${WINDOW}/sign`, { path: windowAt(id) })
