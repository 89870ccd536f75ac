/** How an objection comes that does not come by the public page, and how short what is told must not be. */
import type { ObjectionBody } from '@/api/types'

export const CHANNELS: ObjectionBody['channel'][] = ['phone', 'letter', 'visit']
export const SHORTEST = { said: 5, name: 2, contact: 5 } as const
