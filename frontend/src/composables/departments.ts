/** Departments by name: to filter a list of items by, and to name or pick where a field holds a code; none where they cannot be read. */
import { ref } from 'vue'
import type { Choice, FieldShape, Key, Page } from '@/api/types'
import { provisions } from '@/api/standards'
import { centerDuties } from '@/api/supervision'
import { duties } from '@/api/work'
import type { ListQuery } from './listState'
import { fetchAll } from './csv'

type Named = { code: string; name: string | null }
type Load<Row extends Named> = (query: ListQuery) => Promise<Page<Row>>

async function readAll<Row extends Named>(load: Load<Row>): Promise<Row[]> {
  try {
    return await fetchAll((page) => load({ page, per_page: 200, sort: 'code' }))
  } catch {
    return []
  }
}

function useOptions(load: Load<Named>) {
  /** Null while they are on their way. */
  const options = ref<{ value: string; label: string }[] | null>(null)
  async function read(): Promise<void> {
    const rows = await readAll(load)
    options.value = rows.map((row) => ({ value: row.code, label: row.name ?? row.code }))
  }
  void read()
  return options
}

const ofEdition = (edition: Key) => (query: ListQuery) => provisions(edition, { ...query, kind: 'department' })
export const useOwnDepartments = () => useOptions((query) => duties('department', query))
export const useCenterDepartments = (center: Key) => useOptions((query) => centerDuties(center, 'department', query))
export const useEditionDepartments = (edition: Key) => useOptions(ofEdition(edition))

/** The departments an item of the edition may name. */
export async function editionDepartments(edition: Key): Promise<Choice[]> {
  const rows = (await readAll(ofEdition(edition))).filter((row) => row.change !== 'removed')
  return rows.map((row) => ({ code: row.code, label: row.name ?? '' }))
}

/** The field that holds the code of a department, with names to show beside it and to pick from. */
export function withDepartments<Field extends FieldShape>(fields: Field[], departments: Choice[]): Field[] {
  return fields.map((field) => (field.name === 'department_code' ? { ...field, choices: departments } : field))
}
