export default {
  search: 'Search by name or code',
  choose: 'Choose',
  allKept: 'All kept',
  dropped: '{n} dropped',
  changed: {
    drop: 'Dropped: {name}',
    add: 'Added: {name}',
    set: '{name}: {column} {value}',
  },
  adjust: 'Adjust: {name}',
  adjusting: 'Adjust',
  added: 'Added here',
  fault: {
    at_least: 'Must not be below {bound}',
    percent: 'Must be between 0 and 100',
    whole: 'Enter a whole number',
    number: 'Enter a number with at most two decimals',
    negative: 'Must not be below 0',
    at_most: 'Must not exceed {bound}',
    none_left: 'Keep at least one',
  },
}
