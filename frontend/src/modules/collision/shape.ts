/** A state of a collision: colour, and a mark that says the same without colour. */
import type { Collision, Side } from '@/api/types'

export const SIDES: Side[] = ['first', 'second']
export const STATES = {
  open: { tone: 'amber', mark: '?' },
  differing: { tone: 'red', mark: '≠' },
  settled: { tone: 'blue', mark: '✓' },
  ended: { tone: 'plain', mark: '–' },
} as const

export const isMine = (row: Collision) => row.first.mine || row.second.mine
export const mayChoose = (row: Collision) => isMine(row) && row.state !== 'ended'
/** The name of the standard of a side; of an entry that names none, nothing. */
export const standardOf = (row: Collision, side: string | null | undefined) =>
  side === 'first' || side === 'second' ? row[side].standard.name : ''
