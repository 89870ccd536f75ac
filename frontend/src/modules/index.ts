/** The modules of the console, in the order of its navigation. */
import across from './across'
import amendment from './amendment'
import calendar from './calendar'
import cases from './case'
import collision from './collision'
import conflict from './conflict'
import coverage from './coverage'
import desk from './desk'
import duty from './duty'
import edition from './edition'
import exemption from './exemption'
import hall from './hall'
import label from './label'
import notice from './notice'
import ownitem from './ownitem'
import past from './past'
import proposal from './proposal'
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
  update,
  duty,
  record,
  cases,
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
  across,
  past,
  calendar,
]

export const routes = modules.flatMap((module) => module.routes)
export const navigation = modules.flatMap((module) => module.navigation)
