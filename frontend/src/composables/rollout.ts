import type { DeliveryState, JobState, Rollout } from '@/api/types'

/** Centers that are done with, well or badly. */
export const reached = ({ counts }: Pick<Rollout, 'counts'>) => counts.adopted + counts.unchanged + counts.failed
export const isRunning = (state: JobState) => state === 'queued' || state === 'running'

/** Colour, and a mark that says the same without colour. */
export const DELIVERY: Record<DeliveryState, { tone: 'plain' | 'blue' | 'red' | 'amber'; mark: string }> = {
  announced: { tone: 'amber', mark: '…' },
  adopted: { tone: 'blue', mark: '✓' },
  unchanged: { tone: 'plain', mark: '=' },
  failed: { tone: 'red', mark: '✕' },
}
