/** Supervision: how far the centers below have come, down to the single record. */
import { DataAnalysis } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.coverage', permission: 'coverage.read' as const, section: '/coverage' }
const RecordPage = () => import('../record/RecordPage.vue')

export default {
  name: 'coverage',
  routes: [
    { path: '/coverage', component: () => import('./CoveragePage.vue'), meta },
    ...(['item', 'department'] as const).flatMap((kind) => [
      {
        path: `/centers/:center/${kind}s`,
        component: () => import('./CenterRecordsPage.vue'),
        props: ({ params }: { params: Record<string, unknown> }) => ({ kind, center: params.center }),
        meta,
      },
      {
        path: `/centers/:center/${kind}s/:provision`,
        component: RecordPage,
        props: ({ params }: { params: Record<string, unknown> }) => ({
          kind,
          center: params.center,
          provision: params.provision,
        }),
        meta,
      },
    ]),
  ],
  navigation: [
    { to: '/coverage', label: 'nav.coverage', icon: DataAnalysis, group: 'supervision', permission: 'coverage.read' },
  ],
} satisfies ConsoleModule
