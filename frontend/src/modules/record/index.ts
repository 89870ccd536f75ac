/** A center's items and departments: lists and the record in three columns. */
import { OfficeBuilding, Tickets } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const RecordsPage = () => import('./RecordsPage.vue')
const RecordPage = () => import('./RecordPage.vue')

export default {
  name: 'record',
  routes: (['item', 'department'] as const).flatMap((kind) => [
    {
      path: `/${kind}s`,
      component: RecordsPage,
      props: { kind },
      meta: { title: `nav.${kind}s`, permission: `${kind}.read` as const, section: `/${kind}s` },
    },
    {
      path: `/${kind}s/:id`,
      component: RecordPage,
      props: ({ params }: { params: Record<string, unknown> }) => ({ kind, id: params.id }),
      meta: { title: `nav.${kind}s`, permission: `${kind}.read` as const, section: `/${kind}s` },
    },
  ]),
  navigation: [
    { to: '/items', label: 'nav.items', icon: Tickets, group: 'center', permission: 'item.read' },
    {
      to: '/departments',
      label: 'nav.departments',
      icon: OfficeBuilding,
      group: 'center',
      permission: 'department.read',
    },
  ],
} satisfies ConsoleModule
