/** The modules of the console, in the order of its navigation. */
import conflict from './conflict'
import coverage from './coverage'
import desk from './desk'
import duty from './duty'
import edition from './edition'
import notice from './notice'
import record from './record'
import rollout from './rollout'
import search from './search'
import session from './session'
import standard from './standard'
import type { ConsoleModule } from './module'

const modules: ConsoleModule[] = [
  session,
  desk,
  notice,
  duty,
  record,
  conflict,
  standard,
  edition,
  rollout,
  coverage,
  search,
]

export const routes = modules.flatMap((module) => module.routes)
export const navigation = modules.flatMap((module) => module.navigation)
