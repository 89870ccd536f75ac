/** The province's side: standards, editions, provisions, roll-outs. */
import { get, ifMatch, patch, post, put, remove, unattended } from './client'
import type { Key, Kind, ProvisionBody } from './types'
import type { ListQuery } from '@/composables/listState'

export const standards = (query: ListQuery) => get('/api/standards', { query })
export const standard = (id: Key) => get('/api/standards/{standard_id}', { path: { standard_id: id } })
export const createStandard = (body: { code: string; name: string; nature: 'general' | 'line'; line: string }) =>
  post('/api/standards', { body })
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
/** What an edition changes against the one below, or against another one. */
export const changes = async (id: Key, against?: Key) =>
  (await get(`${EDITION}/changes`, { path: at(id), query: { against } })).rows
export const impact = (id: Key, against?: Key) => get(`${EDITION}/impact`, { path: at(id), query: { against } })
export const touchedCenters = (id: Key, kind: Kind, code: string, field: string, query: ListQuery) =>
  get(`${EDITION}/changes/{kind}/{code}/{field}/centers`, { path: { ...of(id, kind, code), field }, query })
export const audience = (id: Key, query: { levels: string; regions: string; labels: string }) =>
  get(`${EDITION}/audience`, { path: at(id), query })
/** What keeps a draft from being handed in and published. */
export const faults = (id: Key) => get(`${EDITION}/faults`, { path: at(id) })
export const verification = (id: Key) => get(`${EDITION}/verification`, { path: at(id) })
export const withdraw = (id: Key, version: number, reason: string) =>
  post(`${EDITION}/withdrawal`, { path: at(id), body: { reason }, headers: ifMatch(version) })
export const centersOn = (id: Key, query: ListQuery) => get(`${EDITION}/centers`, { path: at(id), query })

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
export const removeProvision = (id: Key, kind: Kind, code: string, version: number) =>
  remove(PROVISION, { path: of(id, kind, code), headers: ifMatch(version) })
export const revertProvision = (id: Key, kind: Kind, code: string, version: number) =>
  post(`${PROVISION}/revert`, { path: of(id, kind, code), headers: ifMatch(version) })

/** Who else has provisions of a draft open; the page asks by itself. */
export const presence = async (id: Key) =>
  (await get(`${EDITION}/presence`, { path: at(id), headers: unattended })).rows
export const enterProvision = async (id: Key, kind: Kind, code: string) =>
  (await put(`${PROVISION}/presence`, { path: of(id, kind, code), headers: unattended })).rows
export const leaveProvision = (id: Key, kind: Kind, code: string) =>
  remove(`${PROVISION}/presence`, { path: of(id, kind, code), headers: unattended })
