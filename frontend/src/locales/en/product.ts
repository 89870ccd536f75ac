export default {
  name: 'Jinzhu',
  title: 'The platform of government service centers',
  line: 'One standard for the whole province; each center adds only what is local.',
  step1: 'The province publishes an edition and pushes it to every center',
  step2: 'Centers claim their items and fill in local values within the rules',
  step3: 'See how far every center has answered, level by level',
}
