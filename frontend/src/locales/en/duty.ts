export default {
  about: 'What the standards ask of this center, each to be answered: offered, not offered, or covered by another.',
  kinds: 'Kinds',
  empty: 'There is nothing to claim',
  emptyHint: 'When the province pushes a standard, what is to be answered appears here.',
}
