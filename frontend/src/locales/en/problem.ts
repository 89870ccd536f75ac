export default {
  title: {
    unavailable: 'The service cannot be reached',
    not_found: 'Not found',
    forbidden: 'Not allowed',
    broken: 'It did not work',
    conflict: 'Not possible now',
    invalid: 'Something needs correcting',
    changed_meanwhile: 'Somebody else has changed it',
    not_signed_in: 'Your session has ended',
  },
  text: {
    unavailable: 'Check the network and try again. Nothing you typed is lost.',
    not_found: 'It does not exist, or is outside what you may see.',
    forbidden: 'Your post is not allowed to do this.',
    broken: 'Something unexpected happened. Try again; if it persists, ask the administrator.',
    conflict: 'The state has changed. Reload and try again.',
    invalid: 'Correct what is marked and save again.',
    changed_meanwhile: 'Somebody saved while you were editing. Compare and save again.',
    not_signed_in: 'Please sign in again.',
  },
}
