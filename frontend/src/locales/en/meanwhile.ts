export default {
  title: 'Somebody else has changed it',
  text: 'Somebody saved while you were editing. Choose for each field which value stays:',
  field: 'Field',
  theirs: 'Saved by them',
  mine: 'Mine',
  others: 'They also changed: {fields}',
  later: 'Decide later',
  save: 'Save my {n}',
  takeTheirs: 'Take theirs',
}
