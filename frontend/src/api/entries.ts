/** What has entered and what has not: of the own center, and of those below. */
import { get } from './client'
import type { ClaimedKind, Entry, EntryChange, EntryRates, Key, Page } from './types'
import type { ListQuery } from '@/composables/listState'

const at = (center: Key) => ({ center_id: center })

/** Without a center: those of the own one. */
export const entries = (center: Key | undefined, query: ListQuery) =>
  (center === undefined
    ? get('/api/entries', { query })
    : get('/api/entries/of/{center_id}', { path: at(center), query })) as Promise<Page<Entry>>
export const standing = (kind: ClaimedKind, provision: Key) =>
  get('/api/entries/standing/{kind}/{provision_id}', { path: { kind, provision_id: provision } })
export const entryRates = (center: Key | undefined, object: ClaimedKind, by: 'group' | 'department') =>
  (center === undefined
    ? get('/api/entries/rates', { query: { object, by } })
    : get('/api/entries/rates/of/{center_id}', { path: at(center), query: { object, by } })) as Promise<EntryRates>
export const entryChanges = (center: Key | undefined, query: ListQuery) =>
  (center === undefined
    ? get('/api/entries/changes', { query })
    : get('/api/entries/changes/of/{center_id}', { path: at(center), query })) as unknown as Promise<Page<EntryChange>>
export const changeFigures = (center: Key | undefined, month: string) =>
  center === undefined
    ? get('/api/entries/changes/figures', { query: { month } })
    : get('/api/entries/changes/figures/of/{center_id}', { path: at(center), query: { month } })
export const entriesBelow = (object: ClaimedKind, parent: string | undefined, each: boolean) =>
  get('/api/entries/below', { query: { object, parent, each: each || undefined } })
