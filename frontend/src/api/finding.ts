/** One search over all that the own center has. */
import { get } from './client'
import type { ListQuery } from '@/composables/listState'

export const findEverywhere = (q: string) => get('/api/find', { query: { q } })
export const findAll = (query: ListQuery) => get('/api/find/all', { query })
