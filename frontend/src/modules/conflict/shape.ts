import type { Conflict, FieldShape } from '@/api/types'

/** A conflict carries the description of its field. */
export const shapeOf = (row: Conflict): FieldShape => ({
  name: row.field,
  label: row.label,
  type: row.type,
  unit: row.unit,
  columns: row.columns,
  choices: row.choices,
})
