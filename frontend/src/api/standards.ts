/** The province's side: standards, editions, provisions, roll-outs. */
import { get, ifMatch, patch, post, put, remove } from './client'
import type {
  Centers, Delivery, Edition, Job, Key, Kind, Page, Preview, Provision, ProvisionBody, ProvisionChange, ProvisionRow,
  Rollout, Standard,
} from './types'
import type { ListQuery } from '@/composables/listState'

export const standards = (query: ListQuery, signal?: AbortSignal) =>
  get<Page<Standard>>('/api/standards', { query, signal })
export const standard = (id: Key) => get<Standard>('/api/standards/{id}', { path: { id } })
export const createStandard = (body: { code: string; name: string }) => post<Standard>('/api/standards', { body })
export const editions = (standardId: Key, query: ListQuery, signal?: AbortSignal) =>
  get<Page<Edition>>('/api/standards/{id}/editions', { path: { id: standardId }, query, signal })
export const startDraft = (standardId: Key, title: string) =>
  post<Edition>('/api/standards/{id}/editions', { path: { id: standardId }, body: { title } })

export const edition = (id: Key) => get<Edition>('/api/editions/{id}', { path: { id } })
export const saveEdition = (id: Key, version: number, body: { title?: string; effective_on?: string | null }) =>
  patch<Edition>('/api/editions/{id}', { path: { id }, body, headers: ifMatch(version) })
export const removeEdition = (id: Key, version: number) =>
  remove<void>('/api/editions/{id}', { path: { id }, headers: ifMatch(version) })
export const publish = (id: Key, version: number, effectiveOn: string | null) =>
  post<Edition>('/api/editions/{id}/publication', {
    path: { id },
    body: effectiveOn ? { effective_on: effectiveOn } : {},
    headers: ifMatch(version),
  })
export const changes = async (id: Key) => {
  const { rows } = await get<{ rows: ProvisionChange[] }>('/api/editions/{id}/changes', { path: { id } })
  return rows
}

export const provisions = (id: Key, query: ListQuery, signal?: AbortSignal) =>
  get<Page<ProvisionRow>>('/api/editions/{id}/provisions', { path: { id }, query, signal })

const PROVISION = '/api/editions/{id}/provisions/{kind}/{code}'
export const provision = (id: Key, kind: Kind, code: string) => get<Provision>(PROVISION, { path: { id, kind, code } })
export const saveProvision = (id: Key, kind: Kind, code: string, version: number | null, body: ProvisionBody) =>
  put<Provision>(PROVISION, {
    path: { id, kind, code },
    body,
    headers: version === null ? { 'If-None-Match': '*' } : ifMatch(version),
  })
export const removeProvision = (id: Key, kind: Kind, code: string) =>
  remove<void>(PROVISION, { path: { id, kind, code } })
export const revertProvision = (id: Key, kind: Kind, code: string) =>
  post<void>(`${PROVISION}/revert`, { path: { id, kind, code } })

export const preview = (id: Key, centers: Centers) =>
  post<Preview>('/api/editions/{id}/preview', { path: { id }, body: { centers } })
export const startRollout = (id: Key, body: { centers: Centers; reason: string }) =>
  post<Rollout>('/api/editions/{id}/rollouts', { path: { id }, body })
export const rollouts = (query: ListQuery, signal?: AbortSignal) =>
  get<Page<Rollout>>('/api/rollouts', { query, signal })
export const rollout = (id: Key) => get<Rollout>('/api/rollouts/{id}', { path: { id } })
export const deliveries = (id: Key, query: ListQuery, signal?: AbortSignal) =>
  get<Page<Delivery>>('/api/rollouts/{id}/deliveries', { path: { id }, query, signal })
export const retryRollout = (id: Key) => post<Rollout>('/api/rollouts/{id}/retry', { path: { id } })
export const job = (id: Key) => get<Job>('/api/jobs/{id}', { path: { id } })
export const cancelJob = (id: Key) => post<Job>('/api/jobs/{id}/cancel', { path: { id } })
