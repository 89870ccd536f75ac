export default {
  labelled: '{label} {value}',
  told: '{name}: {rest}',
  detailed: '{name} ({rest})',
  list: '; ',
  listed: ', ',
  coded: '{name} ({code})',
}
