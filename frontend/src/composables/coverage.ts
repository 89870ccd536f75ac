import type { CoverageFigures } from '@/api/types'

/** Duties that were answered, in whichever way. */
export const claimed = (figures: CoverageFigures) => figures.offered + figures.not_offered + figures.covered
