/** The review of editions: who handed in, approved or sent back, and whether a standard needs it. */
import { get, ifMatch, post, put, remove } from './client'
import type { Key } from './types'

const EDITION = '/api/editions/{edition_id}'
const of = (id: Key, version: number) => ({ path: { edition_id: id }, headers: ifMatch(version) })
export const submit = (id: Key, version: number, note: string) =>
  post(`${EDITION}/submission`, { ...of(id, version), body: { note } })
export const takeBack = (id: Key, version: number) => remove(`${EDITION}/submission`, of(id, version))
export const approve = (id: Key, version: number, note: string) =>
  post(`${EDITION}/approval`, { ...of(id, version), body: { note } })
export const sendBack = (id: Key, version: number, reason: string) =>
  post(`${EDITION}/return`, { ...of(id, version), body: { reason } })
/** Who did what with an edition, from its beginning on. */
export const steps = (id: Key) => get(`${EDITION}/steps`, { path: { edition_id: id } })

const RULE = '/api/standards/{standard_id}/review'
export const reviewRule = (id: Key) => get(RULE, { path: { standard_id: id } })
export const changeReviewRule = (id: Key, version: number, reviewed: boolean, reason: string) =>
  put(RULE, { path: { standard_id: id }, body: { reviewed, reason }, headers: ifMatch(version) })
