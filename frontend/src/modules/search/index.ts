/** Search by name over all centers below. */
import { Search } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.search', permission: 'coverage.read' as const, section: '/search' }

export default {
  name: 'search',
  routes: [{ path: '/search', component: () => import('./SearchPage.vue'), meta }],
  navigation: [{ to: '/search', label: 'nav.search', icon: Search, group: 'supervision', permission: 'coverage.read' }],
} satisfies ConsoleModule
