import type { DeliveryState, RolloutRow, RolloutState } from '@/api/types'

const FINAL: DeliveryState[] = ['adopted', 'unchanged', 'failed', 'declined']
type Counted = Pick<RolloutRow, 'counts' | 'total'>

/** Centers that are done with, well or badly; whoever went back or was left out is not among them. */
export const reached = ({ counts }: Pick<Counted, 'counts'>) => FINAL.reduce((sum, state) => sum + counts[state], 0)
/** Centers that it still goes to. */
export const meant = ({ counts, total }: Counted) => total - counts.exempt
/** Centers that it may still come to. */
export const left = (one: Counted) => meant(one) - reached(one) - one.counts.rolled_back
/** It was taken back everywhere. */
export const wentBack = ({ counts }: Pick<Counted, 'counts'>) => counts.rolled_back > 0 && counts.adopted === 0
/** A job is at it: figures change from second to second. */
export const isRunning = (state: RolloutState) => state === 'queued' || state === 'running'
/** Something may still happen by itself. */
export const isOpen = (state: RolloutState) => isRunning(state) || ['scheduled', 'waiting', 'paused'].includes(state)

export type Tone = 'plain' | 'blue' | 'red' | 'amber'

/** Colour, and a mark that says the same without colour; planned is announced to nobody yet. */
export const DELIVERY: Record<DeliveryState, { tone: Tone; mark: string }> = {
  adopted: { tone: 'blue', mark: '✓' },
  accepted: { tone: 'blue', mark: '→' },
  announced: { tone: 'amber', mark: '…' },
  postponed: { tone: 'amber', mark: '»' },
  waiting: { tone: 'amber', mark: '‖' },
  unchanged: { tone: 'plain', mark: '=' },
  declined: { tone: 'plain', mark: '–' },
  exempt: { tone: 'plain', mark: '○' },
  rolled_back: { tone: 'plain', mark: '↩' },
  failed: { tone: 'red', mark: '✕' },
  planned: { tone: 'plain', mark: '·' },
}
export const DELIVERIES = Object.keys(DELIVERY) as DeliveryState[]
