/** Columns that the lists of duties and of records have in common. */
import { useI18n } from 'vue-i18n'
import type { Kind, Value } from '@/api/types'
import { labelOf, useFormat } from '@/composables/format'
import { NUMBERS } from '@/composables/parts'
import { useKinds } from '@/stores/kinds'
import type { Column, Filter } from '@/components/table'

interface Common {
  code: string
  name: string | null
  item_type?: string | null
  department_name?: string | null
}

export function useRecordCells(kind: () => Kind) {
  const { t } = useI18n()
  const kinds = useKinds()
  const { text } = useFormat()

  /** What the name of a thing is called: the field's own label. */
  const named = () => kinds.of(kind())?.fields.find((field) => field.name === 'name')?.label ?? t('column.name')
  const typeName = (code: string | null | undefined) => (code ? labelOf(code, kinds.choices('item', 'item_type')) : '—')

  function identity<Row extends Common>(): Column<Row>[] {
    return [
      { key: 'name', label: named(), text: (row) => row.name ?? row.code, sort: 'name', fixed: true },
      { key: 'code', label: t('column.code'), text: (row) => row.code, sort: 'code', width: '150px' },
    ]
  }

  function ofItems<Row extends Common>(): Column<Row>[] {
    if (kind() !== 'item') return []
    return [
      {
        key: 'item_type',
        label: t('column.itemType'),
        text: (row) => typeName(row.item_type),
        sort: 'item_type',
        width: '110px',
      },
      {
        key: 'department',
        label: t('column.department'),
        text: (row) => row.department_name ?? '—',
        sort: 'department',
        width: '140px',
      },
    ]
  }

  /** A column that shows a field of the kind, described by the server; none where the kind has no such field. */
  function ofField<Row extends object>(name: string, extra: Partial<Column<Row>> = {}): Column<Row>[] {
    const field = kinds.of(kind())?.fields.find((one) => one.name === name)
    if (!field) return []
    const right = NUMBERS.includes(field.type)
    const value = (row: Row) => (row as Record<string, Value | undefined>)[name]
    return [
      {
        key: name,
        label: field.label,
        text: (row) => text(value(row), field),
        align: right ? 'right' : undefined,
        ...extra,
      },
    ]
  }

  /** The departments are null while they are on their way: their filter has its place already. */
  function filters(departments: { value: string; label: string }[] | null): Filter[] {
    if (kind() !== 'item') return []
    const types = kinds.choices('item', 'item_type').map(({ code, label }) => ({ value: code, label }))
    const byType = { key: 'item_type', label: t('column.itemType'), options: types }
    const byDepartment = { key: 'department', label: t('column.department'), options: departments ?? [] }
    return departments?.length === 0 ? [byType] : [byType, byDepartment]
  }

  return { identity, ofItems, ofField, filters, typeName }
}
