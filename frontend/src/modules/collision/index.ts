/** 适用标准 and 标准重叠: which standards reach a center, and which of two governs where they meet. */
import { Collection, CopyDocument } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.collisions', permission: 'standard.read' as const, section: '/collisions' }

export default {
  name: 'collision',
  routes: [
    {
      path: '/reaching',
      component: () => import('./ReachingPage.vue'),
      meta: { title: 'nav.reaching', permission: 'item.read', section: '/reaching' },
    },
    {
      path: '/centers/:center/standards',
      component: () => import('./ReachingPage.vue'),
      props: true,
      meta: { title: 'nav.reaching', permission: 'coverage.read', section: '/coverage' },
    },
    { path: '/collisions', component: () => import('./CollisionsPage.vue'), meta },
    { path: '/collisions/:id', component: () => import('./CollisionPage.vue'), props: true, meta },
  ],
  navigation: [
    { to: '/reaching', label: 'nav.reaching', icon: Collection, group: 'center', permission: 'item.read' },
    {
      to: '/collisions',
      label: 'nav.collisions',
      icon: CopyDocument,
      group: 'standard',
      permission: 'standard.read',
    },
  ],
} satisfies ConsoleModule
