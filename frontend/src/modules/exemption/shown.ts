import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Exemption, ExemptionState, FieldShape, Value } from '@/api/types'
import { date, isEmpty, useFormat } from '@/composables/format'
import { namedParts } from '@/composables/parts'

const STATES: ExemptionState[] = ['asked', 'granted', 'refused', 'ended', 'taken_back']

export const TONES = {
  asked: 'amber',
  granted: 'blue',
  refused: 'red',
  taken_back: 'plain',
  ended: 'plain',
} as const

export const shapeOf = (row: Exemption): FieldShape => ({
  name: row.field,
  label: row.label,
  type: row.type,
  unit: row.unit,
  columns: row.columns,
  choices: row.choices,
})

/** How an exemption is written in both lists. */
export function useExemptions() {
  const { t } = useI18n()
  const { text } = useFormat()

  const value = (row: Exemption, one: Value) => text(one, shapeOf(row), namedParts(row.part_names))
  /** What would hold: a value, the local one, or the provision as it was. */
  function wanted(row: Exemption): string {
    if (row.field === '') return t('exemption.whole')
    return isEmpty(row.value) ? t('exemption.asLocal') : value(row, row.value)
  }
  /** The last day; where it is not the one asked for, both. */
  function until(row: Exemption): string {
    if (!row.expires_on) return `${t('exemption.wanted')} ${date(row.wanted_until)}`
    const granted = t('exemption.expires', { date: date(row.expires_on) })
    if (row.expires_on === row.wanted_until) return granted
    return `${granted}${t('exemption.askedUntil', { date: date(row.wanted_until) })}`
  }
  const filters = computed(() => [
    {
      key: 'state',
      label: t('exemption.stateLabel'),
      options: STATES.map((state) => ({ value: state, label: t(`exemption.state.${state}`) })),
    },
  ])
  return { value, wanted, until, filters }
}
