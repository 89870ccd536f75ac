import type { FieldShape, HeldField, UpdateRow } from '@/api/types'

/** A row carries the description of its field. */
export const shapeOf = (row: UpdateRow | HeldField): FieldShape => ({
  name: row.field,
  label: row.label,
  type: row.type,
  unit: row.unit,
  columns: row.columns,
  choices: row.choices,
})
export const keyOf = (row: UpdateRow): string => `${row.provision_id}.${row.field}`
/** What the standard leaves to the center does not come from above, even where nothing is said here. */
export const stateOf = (row: UpdateRow) =>
  row.state === 'comes_through' && row.new_rule === 'local' ? 'to_fill' : row.state
