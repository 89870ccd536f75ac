/** What is wrong with what a center shows of its items: findings, figures, and those of centers below. */
import type { ListQuery } from '@/composables/listState'
import { get } from './client'
import { problemOf } from './problem'
import { sessionFetch } from './transport'
import type { Key } from './types'

export const findings = (query: ListQuery, center?: Key) =>
  center
    ? get('/api/items/quality/of/{center_id}', { path: { center_id: center }, query })
    : get('/api/items/quality', { query })
export const qualityFigures = (query: ListQuery, center?: Key) =>
  center
    ? get('/api/items/quality/figures/of/{center_id}', { path: { center_id: center }, query })
    : get('/api/items/quality/figures', { query })
export const qualityBelow = (query: ListQuery) => get('/api/items/quality/below', { query })

/** The findings that the filters leave, as Excel. */
export async function findingsSheet(query: ListQuery): Promise<Blob> {
  const address = new URL('/api/items/quality/workbook', location.origin)
  for (const [name, value] of Object.entries(query)) if (value) address.searchParams.set(name, String(value))
  const response = await sessionFetch(new Request(address))
  if (!response.ok) throw await problemOf(response)
  return response.blob()
}
