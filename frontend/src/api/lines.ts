/** Several standards on one center: which reach it, and where two of them meet. */
import { get, post } from './client'
import type { Key, Side } from './types'
import type { ListQuery } from '@/composables/listState'

export const reaching = async () => (await get('/api/standards/reaching')).rows
export const reachingCenter = async (center: Key) =>
  (await get('/api/centers/{center_id}/standards', { path: { center_id: center } })).rows

export const collisions = (query: ListQuery) => get('/api/collisions', { query })
const COLLISION = '/api/collisions/{collision_id}'
export const collision = (id: Key) => get(COLLISION, { path: { collision_id: id } })
export const chooseSide = (id: Key, body: { governs: Side; reason: string }) =>
  post(`${COLLISION}/choice`, { path: { collision_id: id }, body })
export const chooseSides = (body: { ids: number[]; governs: Side; reason: string }) =>
  post('/api/collisions/choices', { body })
