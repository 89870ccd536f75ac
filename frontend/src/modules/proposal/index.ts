/** Proposals 建议: a center would have its practice made the standard; the owner decides. */
import { Promotion, Select } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const ProposalsPage = () => import('./ProposalsPage.vue')

export default {
  name: 'proposal',
  routes: [
    {
      path: '/proposals',
      component: ProposalsPage,
      props: { asked: false },
      meta: { title: 'nav.proposals', permission: 'proposal.write', section: '/proposals' },
    },
    {
      path: '/proposals/asked',
      component: ProposalsPage,
      props: { asked: true },
      meta: { title: 'nav.proposalsAsked', permission: 'proposal.decide', section: '/proposals/asked' },
    },
  ],
  navigation: [
    { to: '/proposals', label: 'nav.proposals', icon: Promotion, group: 'center', permission: 'proposal.write' },
    {
      to: '/proposals/asked',
      label: 'nav.proposalsAsked',
      icon: Select,
      group: 'supervision',
      permission: 'proposal.decide',
    },
  ],
} satisfies ConsoleModule
