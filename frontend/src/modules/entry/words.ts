/** States of entry, their colours, and the addresses of exactly the rows behind a figure. */
import { useI18n } from 'vue-i18n'
import type { ClaimedKind, Key } from '@/api/types'

export const STATES = ['entered', 'not_entered', 'excluded', 'suspended', 'left'] as const
export const MODES = ['resident', 'proxy', 'branch', 'standalone'] as const

const TONES: Record<string, 'plain' | 'blue' | 'amber' | 'red'> = {
  entered: 'blue',
  not_entered: 'red',
  suspended: 'amber',
}
const MARKS: Record<string, string> = { entered: '✓', not_entered: '!', suspended: '‖', excluded: '—', left: '×' }

export const toneOf = (state: string) => TONES[state] ?? 'plain'
export const markOf = (state: string) => MARKS[state]

/** The page of a center, or of the own one. */
export function placeOf(center: Key | undefined, page: ClaimedKind | 'changes') {
  const base = center === undefined ? '/entries' : `/centers/${center}/entries`
  return { item: base, department: `${base}/departments`, changes: `${base}/changes` }[page]
}

export function useEntryWords() {
  const { t } = useI18n()
  const modeName = (mode: string | null) => (mode ? t(`entry.mode.${mode}`) : '')
  return { modeName }
}

export function useEntryTabs(center: Key | undefined) {
  const { t } = useI18n()
  return () =>
    (['item', 'department', 'changes'] as const).map((key) => ({
      key,
      label: t(`entry.tab.${key}`),
      to: placeOf(center, key),
    }))
}
