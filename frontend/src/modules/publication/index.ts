/** 公布: what the center publishes to society before it is fixed, and the objections to it. */
import { ChatLineSquare } from '@element-plus/icons-vue'
import { publicationsObjected } from '@/api/publications'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.publications', permission: 'procedure.read' as const, section: '/publications' }

export default {
  name: 'publication',
  routes: [
    { path: '/publications', component: () => import('./PublicationsPage.vue'), meta },
    { path: '/publications/:id', component: () => import('./PublicationPage.vue'), props: true, meta },
  ],
  navigation: [
    {
      to: '/publications',
      label: 'nav.publications',
      icon: ChatLineSquare,
      group: 'center',
      permission: 'procedure.read',
      count: publicationsObjected,
      counted: 'procedure.decide',
    },
  ],
} satisfies ConsoleModule
