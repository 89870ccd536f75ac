export default {
  desk: 'Work desk',
  duties: 'Claims',
  items: 'Items',
  departments: 'Departments',
  conflicts: 'Conflicts',
  standards: 'Standards',
  rollouts: 'Rollouts',
  coverage: 'Coverage',
  group: {
    center: 'This center',
    standard: 'Standards',
    supervision: 'Supervision',
  },
}
