/** What needs somebody's eye in a roster, and the words for it. */
import type { RosterRow } from '@/api/types'

export const MARKS = [
  'missing',
  'unanswered',
  'standalone',
  'unapproved',
  'power_ended',
  'power_ending',
  'credit_code',
  'services_open',
  'running',
] as const
export type Mark = (typeof MARKS)[number]

/** Whether what is not here has to be: a state in red, or one to be told without a colour. */
export function toneOf(row: Pick<RosterRow, 'state' | 'entry_force' | 'claim'>): 'plain' | 'blue' | 'amber' | 'red' {
  if (row.state === 'entered') return 'blue'
  if (row.state === 'suspended') return 'amber'
  const awaited = row.claim === 'unclaimed' || row.claim === 'offered'
  return row.entry_force === 'shall' && awaited && row.state !== 'excluded' ? 'red' : 'plain'
}
