/** Departments by which a list of items can be filtered; none where they cannot be read. */
import { ref } from 'vue'
import type { Key, Page } from '@/api/types'
import { provisions } from '@/api/standards'
import { centerDuties } from '@/api/supervision'
import { duties } from '@/api/work'
import type { ListQuery } from './listState'
import { fetchAll } from './csv'

type Load = (query: ListQuery) => Promise<Page<{ code: string; name: string | null }>>

function useOptions(load: Load) {
  const options = ref<{ value: string; label: string }[]>([])
  async function read(): Promise<void> {
    try {
      const rows = await fetchAll((page) => load({ page, per_page: 200, sort: 'code' }))
      options.value = rows.map((row) => ({ value: row.code, label: row.name ?? row.code }))
    } catch {
      options.value = []
    }
  }
  void read()
  return options
}

export const useOwnDepartments = () => useOptions((query) => duties('department', query))
export const useCenterDepartments = (center: Key) => useOptions((query) => centerDuties(center, 'department', query))
export const useEditionDepartments = (edition: Key) =>
  useOptions((query) => provisions(edition, { ...query, kind: 'department' }))
