export default {
  choose: 'Choose',
  allKept: 'All kept',
  dropped: '{n} dropped',
  fault: {
    whole: 'Enter a whole number',
    number: 'Enter a number with at most two decimals',
    negative: 'Must not be below 0',
    at_most: 'Must not exceed {bound}',
    none_left: 'Keep at least one',
  },
}
