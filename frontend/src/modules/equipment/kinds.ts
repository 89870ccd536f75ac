/** What equipment is sorted into, and whose it can be. */
import type { Equipment } from '@/api/types'

export const KINDS: Equipment['kind'][] = [
  'self_service',
  'printing',
  'capture',
  'reading',
  'network',
  'testing',
  'keeping',
  'other',
]
export const OWNERS: Equipment['owner'][] = ['department', 'center']
