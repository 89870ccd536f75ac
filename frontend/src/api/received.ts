/** What comes to a center from above, and what it says to it: updates, postponements, exemptions. */
import { get, post } from './client'
import type { ExemptionWish, Key, UpdateAnswerBody } from './types'
import type { ListQuery } from '@/composables/listState'

const UPDATE = '/api/updates/{rollout_id}'
const of = (id: Key) => ({ rollout_id: id })
export const updates = (query: ListQuery) => get('/api/updates', { query })
export const update = (id: Key) => get(UPDATE, { path: of(id) })
export const updateRows = (id: Key, query: ListQuery) => get(`${UPDATE}/rows`, { path: of(id), query })
export const acceptUpdate = (id: Key, when: 'now' | 'on_date') =>
  post(`${UPDATE}/acceptance`, { path: of(id), body: { when } })
export const postponeUpdate = (id: Key, until: string, reason: string) =>
  post(`${UPDATE}/postponement`, { path: of(id), body: { until, reason } })
export const refuseUpdate = (id: Key, reason: string) => post(`${UPDATE}/refusal`, { path: of(id), body: { reason } })
export const answerUpdate = (id: Key, rows: UpdateAnswerBody[]) =>
  post(`${UPDATE}/answers`, { path: of(id), body: { rows } })
export const takeAll = (id: Key, local: 'keep' | 'take') =>
  post(`${UPDATE}/take_all`, { path: of(id), body: { local } })
export const rolloutProgress = async (id: Key) =>
  (await get('/api/rollouts/{rollout_id}/progress', { path: { rollout_id: id } })).rows

export const pins = (query: ListQuery) => get('/api/pins', { query })
export const endPin = (id: Key) => post('/api/pins/{pin_id}/end', { path: { pin_id: id } })

export const exemptions = (query: ListQuery) => get('/api/exemptions', { query })
export const askedExemptions = (query: ListQuery) => get('/api/exemptions/asked', { query })
export const askExemption = (body: ExemptionWish) => post('/api/exemptions', { body })
export const withdrawExemption = (id: Key) =>
  post('/api/exemptions/{exemption_id}/withdrawal', { path: { exemption_id: id } })
export const decideExemption = (
  center: Key,
  id: Key,
  body: { grant: boolean; expires_on: string | null; beyond_wanted: boolean; reason: string },
) =>
  post('/api/exemptions/of/{center_id}/{exemption_id}/decision', {
    path: { center_id: center, exemption_id: id },
    body,
  })
