/** A city's own layer on the standards from above: what it tightens, and what it answers to a new edition. */
import { Files } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.amendments', permission: 'standard.read' as const, section: '/amendments' }

export default {
  name: 'amendment',
  routes: [
    {
      path: '/amendments',
      component: () => import('./AmendmentsPage.vue'),
      meta: { ...meta, permission: 'amendment.settle' },
    },
    {
      path: '/amendments/:id/provisions/:kind/:code',
      component: () => import('./AmendedProvisionPage.vue'),
      props: true,
      meta,
    },
    {
      path: '/amendment_conflicts',
      component: () => import('./AmendmentConflictsPage.vue'),
      meta: { ...meta, title: 'amendment.conflicts', permission: 'amendment.settle' },
    },
    {
      path: '/standards/:id/amendments',
      component: () => import('./CityAmendmentsPage.vue'),
      props: true,
      meta: { ...meta, title: 'amendment.cities', permission: 'coverage.read', section: '/standards' },
    },
  ],
  navigation: [
    { to: '/amendments', label: 'nav.amendments', icon: Files, group: 'standard', permission: 'amendment.settle' },
  ],
} satisfies ConsoleModule
