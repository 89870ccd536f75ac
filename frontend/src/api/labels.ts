/** Labels that a superior puts on the centers below it. */
import { get, post, put } from './client'
import type { ListQuery } from '@/composables/listState'

export const labels = async () => (await get('/api/labels')).rows
export const labelledCenters = (query: ListQuery) => get('/api/labels/centers', { query })
export const labelCenter = async (center: number, names: string[]) =>
  (await put('/api/labels/centers/{center_id}', { path: { center_id: center }, body: { labels: names } })).labels
export const labelMany = (body: { label: string; centers: number[]; below: boolean; on: boolean }) =>
  post('/api/labels', { body })
