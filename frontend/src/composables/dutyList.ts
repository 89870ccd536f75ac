/** Columns and filters of a list of duties: one's own, or another center's. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Duty, ClaimedKind } from '@/api/types'
import type { Column } from '@/components/table'
import { useRecordCells } from './recordCells'

const CLAIMS = ['unclaimed', 'offered', 'not_offered', 'covered_by'] as const

export function useDutyList(kind: () => ClaimedKind, departments: () => { value: string; label: string }[] | null) {
  const { t } = useI18n()
  const cells = useRecordCells(kind)
  const about = (row: Duty) => row.covered_by?.name || row.reason || ''

  const columns = computed<Column<Duty>[]>(() => [
    ...cells.identity<Duty>(),
    ...cells.ofItems<Duty>(),
    ...cells.ofField<Duty>('statutory_limit'),
    ...cells.ofField<Duty>('committed_limit', { hidden: true }),
    { key: 'claim', label: t('claim.label'), text: (row) => t(`claim.${row.claim}`), sort: 'claim', width: '170px' },
    { key: 'about', label: t('claim.about'), text: about, hidden: true },
  ])
  const filters = computed(() => [
    { key: 'claim', label: t('claim.label'), options: CLAIMS.map((value) => ({ value, label: t(`claim.${value}`) })) },
    ...cells.filters(departments()),
  ])
  return { columns, filters, about }
}
