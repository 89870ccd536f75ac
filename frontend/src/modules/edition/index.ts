import type { ConsoleModule } from '../module'

export default { name: 'edition', routes: [], navigation: [] } satisfies ConsoleModule
