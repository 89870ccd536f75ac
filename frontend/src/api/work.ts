/** A center's own work: duties, claims, records, conflicts, the desk. */
import { get, ifMatch, patch, post } from './client'
import type { ClaimRequest, Key, ClaimedKind, Page, RecordRow, Value } from './types'
import type { ListQuery } from '@/composables/listState'

const OF_KIND = { item: '/api/items', department: '/api/departments' } as const

export const desk = () => get('/api/desk')
export const kinds = async () => (await get('/api/kinds')).rows

export const duties = (kind: ClaimedKind, query: ListQuery) => get(`${OF_KIND[kind]}/duties`, { query })
export const claim = (kind: ClaimedKind, body: ClaimRequest) => post(`${OF_KIND[kind]}/claims`, { body })

export const records = (kind: ClaimedKind, query: ListQuery): Promise<Page<RecordRow>> => get(OF_KIND[kind], { query })
export const record = (kind: ClaimedKind, id: Key) => get(`${OF_KIND[kind]}/{record_id}`, { path: { record_id: id } })
/** A duty like a record, also before it is answered. */
export const dutyRecord = (kind: ClaimedKind, provision: Key) =>
  get(`${OF_KIND[kind]}/duties/{provision_id}`, { path: { provision_id: provision } })
export const saveRecord = (kind: ClaimedKind, id: Key, version: number, local: Record<string, Value>) =>
  patch(`${OF_KIND[kind]}/{record_id}`, { path: { record_id: id }, body: { local }, headers: ifMatch(version) })
export const history = async (kind: ClaimedKind, id: Key) =>
  (await get(`${OF_KIND[kind]}/{record_id}/history`, { path: { record_id: id }, query: { per_page: 200 } })).rows

export const conflicts = (query: ListQuery) => get('/api/conflicts', { query })
export const settle = (id: Key, body: { take: 'standard' | 'keep'; value?: Value; reason?: string }) =>
  post('/api/conflicts/{conflict_id}/settlement', { path: { conflict_id: id }, body })
export const settleMany = (ids: Key[] | 'all') =>
  post('/api/conflicts/settlements', { body: { ids, take: 'standard' } })
