/** A city's layer on a standard from above: what it amends, and what it answers to a new edition. */
import { get, ifMatch, post, put } from './client'
import type { AmendBody, Key, Kind, Value } from './types'
import type { ListQuery } from '@/composables/listState'

export const amendments = () => get('/api/amendments')
/** Opens the draft of the amendment; both are made if need be. */
export const beginAmendment = (standardId: Key) =>
  post('/api/standards/{standard_id}/amendment', { path: { standard_id: standardId }, body: {} as never })
export const cityAmendments = (standardId: Key) =>
  get('/api/standards/{standard_id}/amendments', { path: { standard_id: standardId } })
export const amendedBelow = (standardId: Key, editionId: Key, query: ListQuery) =>
  get('/api/standards/{standard_id}/amendments/{edition_id}', {
    path: { standard_id: standardId, edition_id: editionId },
    query,
  })

const PROVISIONS = '/api/amendments/{edition_id}/provisions' as const
const PROVISION = `${PROVISIONS}/{kind}/{code}` as const
const of = (id: Key, kind: Kind, code: string) => ({ edition_id: id, kind, code })
export const amended = (id: Key, query: ListQuery) => get(PROVISIONS, { path: { edition_id: id }, query })
export const amendedProvision = (id: Key, kind: Kind, code: string) => get(PROVISION, { path: of(id, kind, code) })
export const amend = (id: Key, kind: Kind, code: string, version: number, body: AmendBody) =>
  put(PROVISION, { path: of(id, kind, code), body: body as never, headers: ifMatch(version) })
export const tighten = (
  id: Key,
  body: { kind: Kind; field: string; percent: number; item_type?: string; department?: string; q?: string },
) => post('/api/amendments/{edition_id}/tightening', { path: { edition_id: id }, body: body as never })

export const amendmentConflicts = (query: ListQuery) => get('/api/amendment_conflicts', { query })
/** `seen`: when it was answered, as it was read; a colleague's answer since then is not written over. */
export const settleAmendment = (
  id: Key,
  body: { take: 'standard' | 'keep'; value?: Value; reason?: string; seen: string | null },
) => post('/api/amendment_conflicts/{conflict_id}/settlement', { path: { conflict_id: id }, body: body as never })
export const settleAmendments = (ids: Key[] | null) =>
  post('/api/amendment_conflicts/settlements', { body: { ids } as never })
export const releaseCity = (rolloutId: Key, cityId: Key, reason: string) =>
  post('/api/rollouts/{rollout_id}/cities/{city_id}/release', {
    path: { rollout_id: rolloutId, city_id: cityId },
    body: { reason },
  })
