/** 集中进驻: many cases begun together, and one act in many cases. */
import { Files } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.campaigns', permission: 'procedure.read' as const, section: '/campaigns' }
const asking = { ...meta, permission: 'procedure.propose' as const }

export default {
  name: 'campaign',
  routes: [
    { path: '/campaigns', component: () => import('./CampaignsPage.vue'), meta },
    { path: '/campaigns/new', component: () => import('./NewCampaignPage.vue'), meta: asking },
    { path: '/campaigns/:id', component: () => import('./CampaignPage.vue'), props: true, meta },
    { path: '/joint-acts/:id', component: () => import('./JointActPage.vue'), props: true, meta },
  ],
  navigation: [
    { to: '/campaigns', label: 'nav.campaigns', icon: Files, group: 'center', permission: 'procedure.read' },
  ],
} satisfies ConsoleModule
