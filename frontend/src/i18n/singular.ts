/** English says one of something in the singular; Chinese has no such forms, and our sentences are told in the plural. */

const IRREGULAR: Record<string, string> = {
  cities: 'city',
  copies: 'copy',
  counties: 'county',
  duties: 'duty',
  entries: 'entry',
  people: 'person',
}
const REGULAR =
  'assignments|attempts|candidates|cases|centers|changes|characters|checks|codes|collisions|columns|' +
  'conflicts|days|departments|drafts|editions|exemptions|failures|faults|fields|floors|items|letters|' +
  'lines|materials|months|notices|objections|others|pieces|points|postponements|proposals|provisions|' +
  'reminders|rows|stages|standards|steps|things|times|values|visits|warnings|ways|windows|years'
const WORDS = `${REGULAR}|${Object.keys(IRREGULAR).join('|')}`
/** `1 open conflicts are`: up to two words may stand between the number and what is counted. */
const ONE = new RegExp(`(?<![\\d.,/])1 ((?:[a-z]+ ){0,2}?)(${WORDS})\\b( are| have| were)?`, 'g')
const VERBS: Record<string, string> = { ' are': ' is', ' have': ' has', ' were': ' was' }

const noun = (word: string) => IRREGULAR[word] ?? word.slice(0, -1)

export const inSingular = (text: string): string =>
  text.replace(ONE, (_, between: string, word: string, verb?: string) => {
    return `1 ${between}${noun(word)}${verb ? VERBS[verb] : ''}`
  })
