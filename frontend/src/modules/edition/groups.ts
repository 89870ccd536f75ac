/** The fields of a kind in the sections of its form and its guide. */
import type { KindField } from '@/api/types'

export interface Group {
  key: string
  label: string
  fields: KindField[]
}

export function groupsOf(fields: KindField[]): Group[] {
  const found = new Map<string, Group>()
  for (const field of fields) {
    const group = found.get(field.group) ?? { key: field.group, label: field.group_label, fields: [] }
    group.fields.push(field)
    found.set(field.group, group)
  }
  return [...found.values()]
}

/** A long text on what the rest rests upon stands beside it. */
export const isBeside = (field: KindField) => field.group === 'basis' && field.type === 'long_text'
