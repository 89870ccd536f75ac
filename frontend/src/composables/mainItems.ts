/** The items of an edition from which the main item of another one is picked. */
import type { Choice, FieldShape, Key } from '@/api/types'
import { provisions } from '@/api/standards'

const MOST = 30

export interface MainItems {
  search: (typed: string) => Promise<Choice[]>
  /** Names of what was found so far, by code. */
  names: Map<string, string>
}

/** Without the item itself, which is not its own main item. */
export function mainItems(edition: Key, except: string | undefined): MainItems {
  const names = new Map<string, string>()
  async function search(typed: string): Promise<Choice[]> {
    const { rows } = await provisions(edition, { kind: 'item', q: typed || undefined, per_page: MOST })
    const found = rows.filter((row) => row.code !== except && row.change !== 'removed')
    for (const row of found) names.set(row.code, row.name ?? '')
    return found.map((row) => ({ code: row.code, label: row.name ?? '' }))
  }
  return { search, names }
}

export const withMainItems = <Field extends FieldShape>(fields: Field[], { search }: MainItems): Field[] =>
  fields.map((field) => (field.name === 'main_code' ? { ...field, search } : field))
