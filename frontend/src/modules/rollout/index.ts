/** Roll-outs: an edition on its way to the centers. */
import { Promotion } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.rollouts', permission: 'rollout.read' as const, section: '/rollouts' }

export default {
  name: 'rollout',
  routes: [
    { path: '/rollouts', component: () => import('./RolloutsPage.vue'), meta },
    { path: '/rollouts/:id', component: () => import('./RolloutPage.vue'), props: true, meta },
    {
      path: '/editions/:id/rollout',
      component: () => import('./NewRolloutPage.vue'),
      props: true,
      meta: { title: 'push.open', permission: 'rollout.run', section: '/standards' },
    },
    {
      path: '/editions/:id/preview',
      component: () => import('./PreviewPage.vue'),
      props: true,
      meta: { title: 'push.preview', permission: 'rollout.run', section: '/standards' },
    },
  ],
  navigation: [
    { to: '/rollouts', label: 'nav.rollouts', icon: Promotion, group: 'standard', permission: 'rollout.read' },
  ],
} satisfies ConsoleModule
