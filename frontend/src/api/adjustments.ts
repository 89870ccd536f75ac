/** What becomes of items, on which day; and the handling steps that departments confirm. */
import type { ListQuery } from '@/composables/listState'
import { get, post } from './client'
import type { Key } from './types'

export const adjustments = (query: ListQuery) => get('/api/adjustments', { query })
export const withdrawAdjustment = (id: Key, reason: string) =>
  post('/api/adjustments/{adjustment_id}/withdrawal', { path: { adjustment_id: id }, body: { reason } })
export const givenUp = (query: ListQuery) => get('/api/adjustments/given-up', { query })
export const letLeave = (record: Key, basis: string) =>
  post('/api/adjustments/given-up/{record_id}/exit', { path: { record_id: record }, body: { basis } })
export const keepAsOwn = (record: Key) =>
  post('/api/adjustments/given-up/{record_id}/own', { path: { record_id: record } })

export const handling = (query: ListQuery) => get('/api/items/handling', { query })
export const confirmHandling = (rows: { record_id: number; digest: string }[]) =>
  post('/api/items/handling/confirmations', { body: { rows } })
