/** The figures of entry in the order of every table. */
export const ALL_FIGURES = [
  'offered',
  'due',
  'entered',
  'not_entered',
  'suspended',
  'left',
  'excluded',
  'changes',
] as const
export type FigureName = (typeof ALL_FIGURES)[number]

/** What filters the list of a center down to exactly what a figure counts. */
export const FILTERS: Record<FigureName, Record<string, string>> = {
  offered: {},
  due: { due: 'true' },
  entered: { state: 'entered' },
  not_entered: { state: 'not_entered' },
  suspended: { state: 'suspended' },
  left: { state: 'left' },
  excluded: { state: 'excluded' },
  changes: {},
}
