/** How far work on many rows is, and the colours of what came of a row. */
import type { JobState } from '@/api/types'

export const isBusy = (state: string | undefined) => state === 'queued' || state === 'running'

export const JOB_TONE: Record<JobState, 'plain' | 'blue' | 'amber' | 'red'> = {
  queued: 'plain',
  running: 'blue',
  done: 'plain',
  failed: 'red',
  cancelled: 'amber',
}
export const OUTCOME_TONE: Record<string, 'plain' | 'blue' | 'amber' | 'red'> = {
  pending: 'plain',
  begun: 'blue',
  done: 'blue',
  running: 'amber',
  refused: 'red',
  begin: 'blue',
}
