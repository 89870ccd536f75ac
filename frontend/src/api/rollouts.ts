/** Roll-outs: to foresee one, to begin it, to look at it, and to act on it. */
import { get, post, unattended } from './client'
import type { Centers, Key, RolloutBody } from './types'
import type { ListQuery } from '@/composables/listState'

const EDITION = '/api/editions/{edition_id}'
const at = (id: Key) => ({ edition_id: id })
export type Stages = NonNullable<RolloutBody['stages']>

export const preview = (id: Key, stages: Stages) => post(`${EDITION}/preview`, { path: at(id), body: { stages } })
export const startRollout = (id: Key, body: RolloutBody) => post(`${EDITION}/rollouts`, { path: at(id), body })

const ROLLOUT = '/api/rollouts/{rollout_id}'
const on = (id: Key) => ({ path: { rollout_id: id } })
export const rollouts = (query: ListQuery) => get('/api/rollouts', { query })
export const rollout = (id: Key) => get(ROLLOUT, on(id))
/** What a page asks by itself while it is looked at. */
export const followRollout = (id: Key) => get(ROLLOUT, { ...on(id), headers: unattended })
export const deliveries = (id: Key, query: ListQuery) => get(`${ROLLOUT}/deliveries`, { ...on(id), query })

export const pauseRollout = (id: Key) => post(`${ROLLOUT}/pause`, on(id))
export const resumeRollout = (id: Key) => post(`${ROLLOUT}/resume`, on(id))
export const stopRollout = (id: Key) => post(`${ROLLOUT}/stop`, on(id))
export const retryRollout = (id: Key) => post(`${ROLLOUT}/retry`, on(id))
export const approveStage = (id: Key, place: number, note: string) =>
  post(`${ROLLOUT}/stages/{place}/approval`, { path: { rollout_id: id, place }, body: { note } })
export const leaveOut = (id: Key, center: number, reason: string) =>
  post(`${ROLLOUT}/exemption`, { ...on(id), body: { center, reason } })
export const rollbackFigures = (id: Key) => get(`${ROLLOUT}/rollback`, on(id))
/** What going back would change, a page of it. */
export const rollbackPreview = (id: Key, centers: Centers, page: number, perPage: number) =>
  post(`${ROLLOUT}/rollback/preview`, { ...on(id), body: { centers, page, per_page: perPage } })
export const rollBack = (id: Key, centers: Centers, reason: string) =>
  post(`${ROLLOUT}/rollback`, { ...on(id), body: { centers, reason } })
