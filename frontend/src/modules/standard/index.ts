/** Standards and their editions. */
import { Notebook } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

export default {
  name: 'standard',
  routes: [
    {
      path: '/standards',
      component: () => import('./StandardsPage.vue'),
      meta: { title: 'nav.standards', permission: 'standard.read', section: '/standards' },
    },
    {
      path: '/standards/:id',
      component: () => import('./StandardPage.vue'),
      props: true,
      meta: { title: 'nav.standards', permission: 'standard.read', section: '/standards' },
    },
  ],
  navigation: [
    { to: '/standards', label: 'nav.standards', icon: Notebook, group: 'standard', permission: 'standard.read' },
  ],
} satisfies ConsoleModule
