/** Special equipment: what stands in the center for a department or an item, and what was taken away. */
import type { ListQuery } from '@/composables/listState'
import { get, ifMatch, post, put } from './client'
import type { Equipment, EquipmentChange, EquipmentChoices, EquipmentSaid, Key, Page } from './types'

const OF = '/api/equipment/{provision_id}'
const of = (provision: Key) => ({ provision_id: provision })
/** What the server says of equipment is in words of its own (see types). */
const plain = <T>(answer: Promise<unknown>) => answer as Promise<T>
type Rows = Promise<{ rows: Equipment[] }>

export const equipment = (query: ListQuery) => plain<Page<Equipment>>(get('/api/equipment', { query }))
export const equipmentChoices = (provision: Key) =>
  plain<EquipmentChoices>(get(`${OF}/choices`, { path: of(provision) }))
export const bringEquipment = (provision: Key, body: EquipmentSaid): Rows =>
  plain(post(OF, { path: of(provision), body }))
export const changeEquipment = (row: Equipment, body: EquipmentChange): Rows =>
  plain(
    put(`${OF}/{equipment_id}`, {
      path: { ...of(row.provision_id), equipment_id: row.id },
      body,
      headers: ifMatch(row.version),
    }),
  )
export interface EquipmentRemoval {
  ids: number[]
  day: string
  remark: string
}
export const removeEquipment = (provision: Key, body: EquipmentRemoval) =>
  plain<{ rows: Equipment[]; marked: number }>(post(`${OF}/removal`, { path: of(provision), body }))
