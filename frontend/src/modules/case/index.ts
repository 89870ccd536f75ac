/** 进驻办理: departments and items on their way in, through a change or out; and what one signs from above. */
import { Guide, Stamp } from '@element-plus/icons-vue'
import { casesWaiting, consentsWaiting } from '@/api/cases'
import type { ConsoleModule } from '../module'

const own = { title: 'nav.cases', permission: 'procedure.read' as const, section: '/cases' }
const above = { title: 'nav.consents', permission: 'procedure.consent' as const, section: '/consents' }

export default {
  name: 'case',
  routes: [
    { path: '/cases', component: () => import('./CasesPage.vue'), meta: own },
    { path: '/cases/:id', component: () => import('./CasePage.vue'), props: true, meta: own },
    { path: '/consents', component: () => import('./ConsentsPage.vue'), meta: above },
    { path: '/consents/:center/:id', component: () => import('./CasePage.vue'), props: true, meta: above },
  ],
  navigation: [
    {
      to: '/cases',
      label: 'nav.cases',
      icon: Guide,
      group: 'center',
      permission: 'procedure.read',
      count: casesWaiting,
      counted: 'procedure.propose',
    },
    {
      to: '/consents',
      label: 'nav.consents',
      icon: Stamp,
      group: 'supervision',
      permission: 'procedure.consent',
      count: consentsWaiting,
    },
  ],
} satisfies ConsoleModule
