export default {
  center: 'Center',
  rate: 'Claimed',
  open: 'Unclaimed',
  conflicts: 'Conflicts',
  centerRecords: 'Records of the center',
}
