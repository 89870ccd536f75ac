export default {
  open: 'History',
  title: 'History: {name}',
  empty: 'No changes yet',
  emptyHint: 'Every saved change is recorded here.',
  system: 'System',
  action: {
    insert: 'Created',
    update: 'Changed',
    delete: 'Removed',
    claim: 'Claimed',
    save: 'Saved',
    adopt: 'Adopted an edition',
    settle: 'Settled a conflict',
    created: 'Created',
    changed: 'Changed',
    removed: 'Removed',
  },
}
