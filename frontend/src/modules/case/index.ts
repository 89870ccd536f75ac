/** 进驻办理: departments and items on their way in, through a change or out; and what one signs from above. */
import { Bell, Guide, Stamp } from '@element-plus/icons-vue'
import { casesWaiting, consentsWaiting, escalationsOpen } from '@/api/cases'
import type { ConsoleModule } from '../module'

const own = { title: 'nav.cases', permission: 'procedure.read' as const, section: '/cases' }
const above = { title: 'nav.consents', permission: 'procedure.consent' as const, section: '/consents' }
const late = { title: 'nav.escalations', permission: 'procedure.urge' as const, section: '/escalations' }

export default {
  name: 'case',
  routes: [
    { path: '/cases', component: () => import('./CasesPage.vue'), meta: own },
    { path: '/cases/:id', component: () => import('./CasePage.vue'), props: true, meta: own },
    { path: '/consents', component: () => import('./ConsentsPage.vue'), meta: above },
    { path: '/consents/:center/:id', component: () => import('./CasePage.vue'), props: true, meta: above },
    { path: '/escalations', component: () => import('./EscalationsPage.vue'), meta: late },
    {
      path: '/escalations/:center/:id',
      component: () => import('./CasePage.vue'),
      props: (route) => ({ ...route.params, watched: true }),
      meta: late,
    },
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
    {
      to: '/escalations',
      label: 'nav.escalations',
      icon: Bell,
      group: 'supervision',
      permission: 'procedure.urge',
      count: escalationsOpen,
    },
  ],
} satisfies ConsoleModule
