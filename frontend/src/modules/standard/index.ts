import type { ConsoleModule } from '../module'

export default { name: 'standard', routes: [], navigation: [] } satisfies ConsoleModule
