export default {
  title: 'Notices',
  about: 'What concerns your post, the newest first; each leads to the page that deals with it.',
  what: 'Notice',
  state: 'State',
  at: 'Time',
  new: 'New',
  onlyNew: 'Only new ones',
  unread: '{n} new notices',
  none: 'No new notices',
  empty: 'No notices yet',
  emptyHint: 'You are told here when an edition comes or is withdrawn, or when something waits for you.',
}
