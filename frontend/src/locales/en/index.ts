import type chinese from '../zh-CN'
import across from './across'
import amendment from './amendment'
import applies from './applies'
import calendar from './calendar'
import procedureCase from './case'
import claim from './claim'
import collision from './collision'
import column from './column'
import common from './common'
import conflict from './conflict'
import coverage from './coverage'
import desk from './desk'
import duty from './duty'
import edition from './edition'
import exemption from './exemption'
import field from './field'
import hall from './hall'
import history from './history'
import kind from './kind'
import label from './label'
import level from './level'
import list from './list'
import meanwhile from './meanwhile'
import nav from './nav'
import notice from './notice'
import past from './past'
import plan from './plan'
import ownitem from './ownitem'
import problem from './problem'
import product from './product'
import proposal from './proposal'
import provision from './provision'
import punctuation from './punctuation'
import push from './push'
import record from './record'
import review from './review'
import rollout from './rollout'
import rule from './rule'
import search from './search'
import session from './session'
import shell from './shell'
import standard from './standard'
import takeover from './takeover'
import unit from './unit'
import update from './update'
import workbook from './workbook'

const english: typeof chinese = {
  across,
  amendment,
  applies,
  calendar,
  case: procedureCase,
  claim,
  collision,
  column,
  common,
  conflict,
  coverage,
  desk,
  duty,
  edition,
  exemption,
  field,
  hall,
  history,
  kind,
  label,
  level,
  list,
  meanwhile,
  nav,
  notice,
  past,
  plan,
  ownitem,
  problem,
  product,
  proposal,
  provision,
  punctuation,
  push,
  record,
  review,
  rollout,
  rule,
  search,
  session,
  shell,
  standard,
  takeover,
  unit,
  update,
  workbook,
}

export default english
