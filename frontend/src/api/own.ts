/** Items that no standard knows: the own catalogue, lists to import, taking over and keeping. */
import { get, ifMatch, patch, post, remove } from './client'
import type { Key, Pair, Value } from './types'
import type { ListQuery } from '@/composables/listState'

type Content = Record<string, Value>
const OWN = '/api/items/own/{provision_id}'
const at = (id: Key) => ({ provision_id: id })

export const ownItems = (query: ListQuery) => get('/api/items/own', { query })
export const ownDepartments = async () =>
  (await get('/api/items/own/departments')).rows.map(({ code, name }) => ({ code, label: name }))
export const ownItem = (id: Key) => get(OWN, { path: at(id) })
export const createOwn = (content: Content) => post('/api/items/own', { body: { content } })
export const saveOwn = (id: Key, version: number, content: Content) =>
  patch(OWN, { path: at(id), body: { content }, headers: ifMatch(version) })
export const removeOwn = (id: Key, version: number) => remove(OWN, { path: at(id), headers: ifMatch(version) })
export const importOwn = (file: string, apply: boolean) => post('/api/items/own/import', { body: { file, apply } })

export const takeovers = (query: ListQuery) => get('/api/takeover', { query })
export const takeOver = (pairs: Pair[]) => post('/api/takeover', { body: { pairs, sure: false } })
export const takeSure = () => post('/api/takeover', { body: { pairs: [], sure: true } })
export const dropped = (query: ListQuery) => get('/api/takeover/dropped', { query })
export const detach = (record: Key) => post('/api/items/{record_id}/detachment', { path: { record_id: record } })
