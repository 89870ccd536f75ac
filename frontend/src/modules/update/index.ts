/** Editions that come from above, answered field by field; and what is postponed. */
import { Download } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.updates', permission: 'conflict.read', section: '/updates' } as const

export default {
  name: 'update',
  routes: [
    { path: '/updates', component: () => import('./UpdatesPage.vue'), meta },
    { path: '/updates/postponed', component: () => import('./HeldPage.vue'), meta },
    { path: '/updates/:id(\\d+)', component: () => import('./UpdatePage.vue'), props: true, meta },
  ],
  navigation: [{ to: '/updates', label: 'nav.updates', icon: Download, group: 'center', permission: 'conflict.read' }],
} satisfies ConsoleModule
