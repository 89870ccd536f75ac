import type chinese from '../zh-CN'
import claim from './claim'
import column from './column'
import common from './common'
import conflict from './conflict'
import coverage from './coverage'
import desk from './desk'
import duty from './duty'
import edition from './edition'
import field from './field'
import history from './history'
import kind from './kind'
import level from './level'
import list from './list'
import meanwhile from './meanwhile'
import nav from './nav'
import notice from './notice'
import problem from './problem'
import product from './product'
import provision from './provision'
import punctuation from './punctuation'
import push from './push'
import record from './record'
import rollout from './rollout'
import rule from './rule'
import search from './search'
import session from './session'
import shell from './shell'
import standard from './standard'
import unit from './unit'

const english: typeof chinese = {
  claim,
  column,
  common,
  conflict,
  coverage,
  desk,
  duty,
  edition,
  field,
  history,
  kind,
  level,
  list,
  meanwhile,
  nav,
  notice,
  problem,
  product,
  provision,
  punctuation,
  push,
  record,
  rollout,
  rule,
  search,
  session,
  shell,
  standard,
  unit,
}
export default english
