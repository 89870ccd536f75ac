/** A center's own work: duties, claims, records, conflicts, the desk. */
import { get, ifMatch, patch, post } from './client'
import type {
  CenterRecord, ClaimRequest, ClaimResult, Conflict, Desk, Duty, HistoryEntry, Key, Kind, KindDescription, Page,
  RecordRow, Value,
} from './types'
import type { ListQuery } from '@/composables/listState'

const OF_KIND = { item: '/api/items', department: '/api/departments' } as const

export const desk = () => get<Desk>('/api/desk')
export const kinds = async () => (await get<{ rows: KindDescription[] }>('/api/kinds')).rows

export const duties = (kind: Kind, query: ListQuery, signal?: AbortSignal) =>
  get<Page<Duty>>(`${OF_KIND[kind]}/duties`, { query, signal })
export const claim = (kind: Kind, body: ClaimRequest) => post<ClaimResult>(`${OF_KIND[kind]}/claims`, { body })

export const records = (kind: Kind, query: ListQuery, signal?: AbortSignal) =>
  get<Page<RecordRow>>(OF_KIND[kind], { query, signal })
export const record = (kind: Kind, id: Key) => get<CenterRecord>(`${OF_KIND[kind]}/{id}`, { path: { id } })
export const saveRecord = (kind: Kind, id: Key, version: number, local: Record<string, Value>) =>
  patch<CenterRecord>(`${OF_KIND[kind]}/{id}`, { path: { id }, body: { local }, headers: ifMatch(version) })
export const history = async (kind: Kind, id: Key) =>
  (await get<{ rows: HistoryEntry[] }>(`${OF_KIND[kind]}/{id}/history`, { path: { id } })).rows

export const conflicts = (query: ListQuery, signal?: AbortSignal) =>
  get<Page<Conflict>>('/api/conflicts', { query, signal })
export const settle = (id: Key, body: { take: 'standard' | 'keep'; value?: Value; reason?: string }) =>
  post<Conflict>('/api/conflicts/{id}/settlement', { path: { id }, body })
export const settleMany = (ids: Key[] | 'all') =>
  post<{ settled: number }>('/api/conflicts/settlements', { body: { ids, take: 'standard' } })
