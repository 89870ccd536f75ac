/** 认领: what the standards ask of a center, and its answer to each. */
import { Finished } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

export default {
  name: 'duty',
  routes: [
    {
      path: '/duties',
      component: () => import('./DutiesPage.vue'),
      meta: { title: 'nav.duties', permission: 'item.read', section: '/duties' },
    },
    {
      path: '/duties/:kind(item|department)/:provision',
      component: () => import('../record/RecordPage.vue'),
      props: true,
      meta: { title: 'nav.duties', permission: 'item.read', section: '/duties' },
    },
  ],
  navigation: [{ to: '/duties', label: 'nav.duties', icon: Finished, group: 'center', permission: 'item.read' }],
} satisfies ConsoleModule
