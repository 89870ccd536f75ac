/** An edition, its provisions, and the way of both to the centers. */
import type { ConsoleModule } from '../module'

const meta = { title: 'edition.label', permission: 'standard.read' as const, section: '/standards' }

export default {
  name: 'edition',
  routes: [
    { path: '/editions/:id', component: () => import('./EditionPage.vue'), props: true, meta },
    {
      path: '/editions/:id/workbook',
      component: () => import('./WorkbookPage.vue'),
      props: true,
      meta: { ...meta, permission: 'standard.write' },
    },
    {
      path: '/editions/:id/new/:kind',
      component: () => import('./ProvisionPage.vue'),
      props: true,
      meta: { ...meta, permission: 'standard.write' },
    },
    { path: '/editions/:id/provisions/:kind/:code', component: () => import('./ProvisionPage.vue'), props: true, meta },
  ],
  navigation: [],
} satisfies ConsoleModule
