/** The province's side: standards, editions, provisions, roll-outs. */
import { get, ifMatch, patch, post, put, remove } from './client'
import type { Centers, Key, Kind, ProvisionBody } from './types'
import type { ListQuery } from '@/composables/listState'

export const standards = (query: ListQuery) => get('/api/standards', { query })
export const standard = (id: Key) => get('/api/standards/{standard_id}', { path: { standard_id: id } })
export const createStandard = (body: { code: string; name: string }) => post('/api/standards', { body })
export const editions = (standardId: Key, query: ListQuery) =>
  get('/api/standards/{standard_id}/editions', { path: { standard_id: standardId }, query })
export const startDraft = (standardId: Key, title: string) =>
  post('/api/standards/{standard_id}/editions', { path: { standard_id: standardId }, body: { title } })

const EDITION = '/api/editions/{edition_id}'
const at = (id: Key) => ({ edition_id: id })
export const edition = (id: Key) => get(EDITION, { path: at(id) })
export const saveEdition = (id: Key, version: number, body: { title?: string; effective_on?: string | null }) =>
  patch(EDITION, { path: at(id), body, headers: ifMatch(version) })
export const removeEdition = (id: Key, version: number) => remove(EDITION, { path: at(id), headers: ifMatch(version) })
export const publish = (id: Key, version: number, effectiveOn: string | null) =>
  post(`${EDITION}/publication`, { path: at(id), body: { effective_on: effectiveOn }, headers: ifMatch(version) })
export const changes = async (id: Key) => (await get(`${EDITION}/changes`, { path: at(id) })).rows

export const provisions = (id: Key, query: ListQuery) => get(`${EDITION}/provisions`, { path: at(id), query })

const PROVISION = `${EDITION}/provisions/{kind}/{code}` as const
const of = (id: Key, kind: Kind, code: string) => ({ edition_id: id, kind, code })
export const provision = (id: Key, kind: Kind, code: string) => get(PROVISION, { path: of(id, kind, code) })
export const saveProvision = (id: Key, kind: Kind, code: string, version: number | null, body: ProvisionBody) =>
  put(PROVISION, {
    path: of(id, kind, code),
    body: { ...body, rules: { ...body.rules } },
    headers: version === null ? { 'If-None-Match': '*' } : ifMatch(version),
  })
export const removeProvision = (id: Key, kind: Kind, code: string) => remove(PROVISION, { path: of(id, kind, code) })
export const revertProvision = (id: Key, kind: Kind, code: string) =>
  post(`${PROVISION}/revert`, { path: of(id, kind, code) })

export const preview = (id: Key, centers: Centers) => post(`${EDITION}/preview`, { path: at(id), body: { centers } })
export const startRollout = (id: Key, body: { centers: Centers; reason: string }) =>
  post(`${EDITION}/rollouts`, { path: at(id), body })
const ROLLOUT = '/api/rollouts/{rollout_id}'
export const rollouts = (query: ListQuery) => get('/api/rollouts', { query })
export const rollout = (id: Key) => get(ROLLOUT, { path: { rollout_id: id } })
export const deliveries = (id: Key, query: ListQuery) =>
  get(`${ROLLOUT}/deliveries`, { path: { rollout_id: id }, query })
export const retryRollout = (id: Key) => post(`${ROLLOUT}/retry`, { path: { rollout_id: id } })
export const cancelJob = (id: Key) => post('/api/jobs/{job_id}/cancel', { path: { job_id: id } })
