/** How it was: a record on a day, a standard and a provision edition by edition. */
import type { ConsoleModule } from '../module'

const RecordThenPage = () => import('./RecordThenPage.vue')
const standards = { title: 'past.history', permission: 'standard.read' as const, section: '/standards' }

export default {
  name: 'past',
  routes: [
    ...(['item', 'department'] as const).flatMap((kind) => [
      {
        path: `/${kind}s/:id/at/:day`,
        component: RecordThenPage,
        props: ({ params }: { params: Record<string, unknown> }) => ({ kind, id: params.id, day: params.day }),
        meta: { title: `nav.${kind}s`, permission: `${kind}.read` as const, section: `/${kind}s` },
      },
      {
        path: `/centers/:center/${kind}s/:provision/at/:day`,
        component: RecordThenPage,
        props: ({ params }: { params: Record<string, unknown> }) => ({
          kind,
          center: params.center,
          provision: params.provision,
          day: params.day,
        }),
        meta: { title: 'nav.coverage', permission: 'coverage.read' as const, section: '/coverage' },
      },
    ]),
    {
      path: '/standards/:id/history',
      component: () => import('./StandardHistoryPage.vue'),
      props: true,
      meta: standards,
    },
    {
      path: '/standards/:id/history/:kind/:code',
      component: () => import('./ProvisionHistoryPage.vue'),
      props: true,
      meta: standards,
    },
  ],
  navigation: [],
} satisfies ConsoleModule
