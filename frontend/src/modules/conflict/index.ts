/** Local values that a new edition no longer allows, and the center's answer to each. */
import { Warning } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

export default {
  name: 'conflict',
  routes: [
    {
      path: '/conflicts',
      component: () => import('./ConflictsPage.vue'),
      meta: { title: 'nav.conflicts', permission: 'conflict.read', section: '/conflicts' },
    },
  ],
  navigation: [
    { to: '/conflicts', label: 'nav.conflicts', icon: Warning, group: 'center', permission: 'conflict.read' },
  ],
} satisfies ConsoleModule
