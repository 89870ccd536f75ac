import type { DeliveryState, RolloutRow, RolloutState } from '@/api/types'

const FINAL: DeliveryState[] = ['adopted', 'unchanged', 'failed', 'exempt', 'declined', 'rolled_back']

/** Centers that are done with, well or badly. */
export const reached = ({ counts }: Pick<RolloutRow, 'counts'>) => FINAL.reduce((sum, state) => sum + counts[state], 0)
/** A job is at it: figures change from second to second. */
export const isRunning = (state: RolloutState) => state === 'queued' || state === 'running'
/** Something may still happen by itself. */
export const isOpen = (state: RolloutState) => isRunning(state) || ['scheduled', 'waiting', 'paused'].includes(state)

export type Tone = 'plain' | 'blue' | 'red' | 'amber'

/** Colour, and a mark that says the same without colour. */
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
}
/** Announced to nobody yet, because its stage has not opened. */
export const PLANNED = { tone: 'plain', mark: '·' } as const
export const DELIVERIES = Object.keys(DELIVERY) as DeliveryState[]
