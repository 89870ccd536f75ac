/** What of a record can be proposed: where the center does otherwise than the standard says, and it holds. */
import type { CenterRecord, RecordField } from '@/api/types'
import { same } from '@/composables/format'

export function proposable(record: CenterRecord): RecordField[] {
  return record.fields.filter(
    (field) =>
      field.set_by === 'here' &&
      field.rule !== 'fixed' &&
      field.rule !== 'local' &&
      !same(field.effective, field.standard),
  )
}
