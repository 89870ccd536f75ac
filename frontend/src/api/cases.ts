/** Entry, change and exit of departments and items: the own center's cases, and those one signs in from above. */
import { get, ifMatch, post, unattended } from './client'
import type { ActBody, CaseBody, HandoverBody, Key } from './types'
import type { ListQuery } from '@/composables/listState'

const CASE = '/api/cases/{case_id}'
const of = (id: Key) => ({ case_id: id })
export const cases = (query: ListQuery) => get('/api/cases', { query })
export const readCase = (id: Key) => get(CASE, { path: of(id) })
export const beginCase = (body: CaseBody) => post('/api/cases', { body })
export const act = (id: Key, version: number, body: ActBody) =>
  post(`${CASE}/acts`, { path: of(id), body, headers: ifMatch(version) })
export const colleagues = async (id: Key, step: string) =>
  (await get(`${CASE}/colleagues`, { path: of(id), query: { step } })).rows
export const caseCounts = () => get('/api/cases/counts')
/** Who was handed steps, and to whom all of them can be handed on. */
export const handovers = () => get('/api/cases/handovers')
export const handOver = (body: HandoverBody) => post('/api/cases/handovers', { body })
/** How many cases wait for whoever asks; the navigation asks by itself. */
export const casesWaiting = async () =>
  (await get('/api/cases', { query: { mine: true, per_page: 1 }, headers: unattended })).total

const CONSENT = '/api/consents/{center_id}/{case_id}'
const below = (center: Key, id: Key) => ({ center_id: center, case_id: id })
export const consents = (query: ListQuery) => get('/api/consents', { query })
export const readConsent = (center: Key, id: Key) => get(CONSENT, { path: below(center, id) })
export const sign = (center: Key, id: Key, version: number, body: ActBody) =>
  post(`${CONSENT}/acts`, { path: below(center, id), body, headers: ifMatch(version) })
export const consentsWaiting = async () =>
  (await get('/api/consents', { query: { state: 'open', per_page: 1 }, headers: unattended })).total

const ESCALATION = '/api/escalations/{center_id}/{case_id}'
/** What is long overdue in centers right below. */
export const escalations = (query: ListQuery) => get('/api/escalations', { query })
export const readEscalation = (center: Key, id: Key) => get(ESCALATION, { path: below(center, id) })
export const urge = (center: Key, id: Key, opinion: string) =>
  post(`${ESCALATION}/words`, { path: below(center, id), body: { opinion } })
export const escalationsOpen = async () =>
  (await get('/api/escalations', { query: { per_page: 1 }, headers: unattended })).total
