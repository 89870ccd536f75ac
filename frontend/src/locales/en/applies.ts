export default {
  title: 'Whom it concerns',
  all: 'No limit',
  concerns: 'Concerns {n} centers (of {of})',
  narrow: 'Narrow down (class, place, label)',
  hide: 'Less',
  classes: 'Class of department',
  regions: 'Places',
  labels: 'Labels',
  withBelow: '{name} with its counties',
  labelOf: '{label} ({n} centers)',
  none: {
    classes: 'No classes',
    regions: 'No centers below',
    labels: 'No labels yet; put them on centers first',
  },
}
