export default {
  open: 'History',
  title: 'History: {name}',
  empty: 'No changes yet',
  emptyHint: 'Every saved change is recorded here.',
  action: {
    created: 'Created',
    change_record: 'Changed',
    claim: 'Claimed',
    settle_conflict: 'Settled a conflict',
    settle_conflicts: 'Settled conflicts',
    rollout: 'Adopted an edition',
    demo: 'Demo data',
    update: 'Changed',
  },
}
