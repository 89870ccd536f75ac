/** The modules of the console, in the order of its navigation. */
import across from './across'
import adjustment from './adjustment'
import amendment from './amendment'
import calendar from './calendar'
import campaign from './campaign'
import cases from './case'
import collision from './collision'
import conflict from './conflict'
import coverage from './coverage'
import department from './department'
import desk from './desk'
import duty from './duty'
import edition from './edition'
import entry from './entry'
import equipment from './equipment'
import exemption from './exemption'
import find from './find'
import hall from './hall'
import handling from './handling'
import label from './label'
import mail from './mail'
import notice from './notice'
import ownitem from './ownitem'
import past from './past'
import proposal from './proposal'
import publication from './publication'
import quality from './quality'
import record from './record'
import rollout from './rollout'
import search from './search'
import session from './session'
import standard from './standard'
import takeover from './takeover'
import update from './update'
import type { ConsoleModule } from './module'

const modules: ConsoleModule[] = [
  session,
  desk,
  notice,
  mail,
  update,
  duty,
  record,
  quality,
  handling,
  department,
  equipment,
  entry,
  cases,
  campaign,
  publication,
  adjustment,
  ownitem,
  takeover,
  hall,
  conflict,
  exemption,
  proposal,
  standard,
  amendment,
  edition,
  collision,
  rollout,
  label,
  coverage,
  search,
  find,
  across,
  past,
  calendar,
]

export const routes = modules.flatMap((module) => module.routes)
export const navigation = modules.flatMap((module) => module.navigation)
