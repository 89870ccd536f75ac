export default {
  about: 'Find by name what the centers below offer, and where.',
  label: 'Name, code or pinyin',
  region: 'Region',
  center: 'Center',
  city: 'City',
  start: 'Type the name of an item',
  startHint: 'Items that hold every word are listed, each with the center that offers it.',
}
