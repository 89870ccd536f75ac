/** What a superior sees of the centers below: figures, and their records for reading. */
import { get } from './client'
import type { Key, ClaimedKind } from './types'
import type { ListQuery } from '@/composables/listState'

const OF_KIND = { item: '/api/items/of', department: '/api/departments/of' } as const

export const coverage = (kind: ClaimedKind, parent?: string) => get('/api/coverage', { query: { kind, parent } })
export const search = (query: ListQuery) => get('/api/search', { query })
export const centers = (query: ListQuery) => get('/api/centers', { query })
export const centerDuties = (center: Key, kind: ClaimedKind, query: ListQuery) =>
  get(`${OF_KIND[kind]}/{center_id}`, { path: { center_id: center }, query })
export const centerRecord = (center: Key, kind: ClaimedKind, provision: Key) =>
  get(`${OF_KIND[kind]}/{center_id}/{provision_id}`, { path: { center_id: center, provision_id: provision } })
