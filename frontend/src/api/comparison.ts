/** One provision across all centers below, and a center's practice on its way to the standard. */
import { get, post } from './client'
import type { Key, Kind, ProposalDecision, ClaimedKind } from './types'
import type { ListQuery } from '@/composables/listState'

export const differing = (query: ListQuery) => get('/api/comparison', { query })

const ONE = '/api/comparison/{kind}/{provision_id}'
const of = (kind: Kind, provision: Key) => ({ kind, provision_id: provision })
export const across = (kind: Kind, provision: Key, parent?: string) =>
  get(ONE, { path: of(kind, provision), query: { parent } })
export const acrossCenters = (kind: Kind, provision: Key, query: ListQuery) =>
  get(`${ONE}/centers`, { path: of(kind, provision), query })
export const adoptPractice = (kind: Kind, provision: Key, center: number, fields: string[]) =>
  post(`${ONE}/adoption`, { path: of(kind, provision), body: { center_id: center, fields } })

const RECORDS = { item: '/api/items', department: '/api/departments' } as const
export const propose = (kind: ClaimedKind, record: Key, body: { fields: string[]; reason: string }) =>
  post(`${RECORDS[kind]}/{record_id}/proposal`, { path: { record_id: record }, body })
export const proposals = (query: ListQuery) => get('/api/proposals', { query })
export const askedProposals = (query: ListQuery) => get('/api/proposals/asked', { query })
export const withdrawProposal = (id: Key) =>
  post('/api/proposals/{proposal_id}/withdrawal', { path: { proposal_id: id } })
export const decideProposal = (center: Key, id: Key, body: ProposalDecision) =>
  post('/api/proposals/of/{center_id}/{proposal_id}/decision', {
    path: { center_id: center, proposal_id: id },
    body,
  })
