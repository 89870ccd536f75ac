export default {
  desk: 'Work desk',
  duties: 'Claims',
  items: 'Items',
  departments: 'Departments',
  conflicts: 'Conflicts',
  standards: 'Standards',
  rollouts: 'Rollouts',
  coverage: 'Coverage',
  search: 'Find items',
  group: {
    center: 'This center',
    standard: 'Standards',
    supervision: 'Supervision',
  },
}
