export default {
  empty: 'Nothing has been pushed yet',
  emptyHint: 'Publish an edition, then push it from the page of the edition.',
  goStandards: 'Go to standards',
  failedCenters: '{n} centers failed',
  state: {
    queued: 'Queued',
    running: 'Running',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
}
