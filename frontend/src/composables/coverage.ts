import type { CoverageFigures, CoverageRow, ClaimedKind } from '@/api/types'

/** Duties that were answered, in whichever way. */
export const claimed = (figures: CoverageFigures) => figures.offered + figures.not_offered + figures.covered

/** One step further down: the centers below, or the records where there are none. */
export function stepDown({ center }: CoverageRow, kind: ClaimedKind) {
  if (!center.has_children) return { path: `/centers/${center.id}/${kind}s` }
  return { path: '/coverage', query: { ...(kind === 'item' ? {} : { kind }), parent: String(center.id) } }
}
