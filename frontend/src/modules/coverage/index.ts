import type { ConsoleModule } from '../module'

export default { name: 'coverage', routes: [], navigation: [] } satisfies ConsoleModule
