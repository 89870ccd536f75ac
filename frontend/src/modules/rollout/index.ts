import type { ConsoleModule } from '../module'

export default { name: 'rollout', routes: [], navigation: [] } satisfies ConsoleModule
