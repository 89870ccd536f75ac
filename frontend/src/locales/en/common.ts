export default {
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  back: 'Back',
  loading: 'Loading…',
  yes: 'Yes',
  no: 'No',
  all: 'See all',
  remove: 'Remove',
  edit: 'Edit',
  none: 'None',
}
