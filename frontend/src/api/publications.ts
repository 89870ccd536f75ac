/** What the center publishes to society, and what was objected to it. */
import { get, ifMatch, post, unattended } from './client'
import type { AnswerBody, Key, ObjectionBody } from './types'
import type { ListQuery } from '@/composables/listState'

const ONE = '/api/publications/{publication_id}'
const OBJECTION = `${ONE}/objections/{objection_id}` as const
const of = (id: Key, objection: Key) => ({ publication_id: id, objection_id: objection })

export const publications = (query: ListQuery) => get('/api/publications', { query })
export const readPublication = (id: Key) => get(ONE, { path: { publication_id: id } })
export const recordObjection = (id: Key, body: ObjectionBody) =>
  post(`${ONE}/objections`, { path: { publication_id: id }, body })
export const answerObjection = (id: Key, objection: Key, version: number, body: AnswerBody) =>
  post(`${OBJECTION}/answer`, { path: of(id, objection), body, headers: ifMatch(version) })
export const discloseContact = (id: Key, objection: Key, reason: string) =>
  post(`${OBJECTION}/contact`, { path: of(id, objection), body: { reason } })
/** How many publications have an objection to answer; the navigation asks by itself. */
export const publicationsObjected = async () =>
  (await get('/api/publications', { query: { state: 'objected', per_page: 1 }, headers: unattended })).total
