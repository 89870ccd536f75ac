/** How it was: a record on a day, a standard edition by edition. */
import { get } from './client'
import type { ClaimedKind, Key, Kind } from './types'

const RECORDS = { item: '/api/items', department: '/api/departments' } as const

export const recordThen = (kind: ClaimedKind, id: Key, day: string) =>
  get(`${RECORDS[kind]}/{record_id}/at/{day}`, { path: { record_id: id, day } })
export const centerRecordThen = (center: Key, kind: ClaimedKind, provision: Key, day: string) =>
  get(`${RECORDS[kind]}/of/{center_id}/{provision_id}/at/{day}`, {
    path: { center_id: center, provision_id: provision, day },
  })

export const standardHistory = async (id: Key) =>
  (await get('/api/standards/{standard_id}/history', { path: { standard_id: id } })).rows
export const provisionHistory = (standard: Key, kind: Kind, code: string) =>
  get('/api/standards/{standard_id}/provisions/{kind}/{code}/history', {
    path: { standard_id: standard, kind, code },
  })
