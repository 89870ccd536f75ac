/** The same item in all centers below: where they differ, and by how much 同事不同标. */
import { Histogram } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.comparison', permission: 'comparison.read' as const, section: '/comparison' }

export default {
  name: 'across',
  routes: [
    { path: '/comparison', component: () => import('./AcrossPage.vue'), meta },
    { path: '/comparison/:kind/:provision', component: () => import('./AcrossProvisionPage.vue'), props: true, meta },
  ],
  navigation: [
    {
      to: '/comparison',
      label: 'nav.comparison',
      icon: Histogram,
      group: 'supervision',
      permission: 'comparison.read',
    },
  ],
} satisfies ConsoleModule
