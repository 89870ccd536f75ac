/** What a case can bring about for an item, and the facts it is begun with. */
export const CHANGES = {
  adjustment: ['', 'new_law'],
  exit: ['', 'merged', 'split', 'handed_down', 'taken_up', 'cancelled'],
} as const
export const ELSEWHERE = ['handed_down', 'taken_up'] as const

export interface ChangeFacts {
  change: (typeof CHANGES)['adjustment'][number] | (typeof CHANGES)['exit'][number]
  basis: string
  to_center: string
  /** Null: not chosen yet. */
  successors: (number | null)[]
}
export const noChange = (): ChangeFacts => ({ change: '', basis: '', to_center: '', successors: [] })

/** The facts as they are sent; what was left empty is said by the server at its field. */
export function sentFacts(given: ChangeFacts): Record<string, unknown> {
  if (!given.change) return {}
  const successors = given.successors.filter((one) => one !== null)
  return {
    change: given.change,
    basis: given.basis.trim(),
    ...(given.to_center.trim() ? { to_center: given.to_center.trim() } : {}),
    ...(given.successors.length > 0 ? { successors } : {}),
  }
}
