/** Leave not to follow a rule: asked for below, decided by whoever set it. */
import { CircleCheck, Stamp } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

export default {
  name: 'exemption',
  routes: [
    {
      path: '/exemptions',
      component: () => import('./ExemptionsPage.vue'),
      meta: { title: 'nav.exemptions', permission: 'conflict.read', section: '/exemptions' },
    },
    {
      path: '/exemptions/asked',
      component: () => import('./AskedPage.vue'),
      meta: { title: 'nav.exemptionsAsked', permission: 'exemption.decide', section: '/exemptions/asked' },
    },
  ],
  navigation: [
    { to: '/exemptions', label: 'nav.exemptions', icon: CircleCheck, group: 'center', permission: 'conflict.read' },
    {
      to: '/exemptions/asked',
      label: 'nav.exemptionsAsked',
      icon: Stamp,
      group: 'supervision',
      permission: 'exemption.decide',
    },
  ],
} satisfies ConsoleModule
