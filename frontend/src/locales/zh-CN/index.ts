import across from './across'
import adjustment from './adjustment'
import amendment from './amendment'
import applies from './applies'
import calendar from './calendar'
import campaign from './campaign'
import procedureCase from './case'
import claim from './claim'
import collision from './collision'
import column from './column'
import common from './common'
import conflict from './conflict'
import coverage from './coverage'
import department from './department'
import desk from './desk'
import duty from './duty'
import edition from './edition'
import entry from './entry'
import equipment from './equipment'
import exemption from './exemption'
import field from './field'
import find from './find'
import hall from './hall'
import handling from './handling'
import history from './history'
import kind from './kind'
import label from './label'
import level from './level'
import list from './list'
import mail from './mail'
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
import publication from './publication'
import punctuation from './punctuation'
import push from './push'
import quality from './quality'
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

export default {
  across,
  adjustment,
  amendment,
  applies,
  calendar,
  campaign,
  case: procedureCase,
  claim,
  collision,
  column,
  common,
  conflict,
  coverage,
  department,
  desk,
  duty,
  edition,
  entry,
  equipment,
  exemption,
  field,
  find,
  hall,
  handling,
  history,
  kind,
  label,
  level,
  list,
  mail,
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
  publication,
  punctuation,
  push,
  quality,
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
