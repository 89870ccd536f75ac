export default {
  about:
    'The department in charge confirms the handling steps of each item: who, when, under which edition. Where the steps change, they are confirmed anew.',
  steps: 'Handling steps',
  step: '{name} ({n} working days)',
  confirmedBy: 'Confirmed',
  by: '{by} on {at}, under edition {n}',
  states: {
    asked: 'to be confirmed',
    open: 'not confirmed',
    stale: 'changed since',
    confirmed: 'confirmed',
    none: 'no steps',
  },
  confirm: 'Confirm the steps of {n} items',
  done: '{n} items confirmed',
  doneBut: '{n} items confirmed; the steps of {changed} others have just changed, look at them first',
  empty: 'This center offers no items yet',
}
