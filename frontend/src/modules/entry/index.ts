/** 进驻情况: what has entered, what has not, what changed; and the entry rate over all centers below. */
import { Finished, TrendCharts } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const own = { title: 'nav.entries', permission: 'procedure.read' as const, section: '/entries' }
const above = { title: 'nav.entryRates', permission: 'coverage.read' as const, section: '/entry-rates' }
const list = () => import('./EntriesPage.vue')
const changes = () => import('./ChangesPage.vue')
const object = (kind: 'item' | 'department') => (route: { params: Record<string, unknown> }) => ({
  object: kind,
  center: route.params.center,
})

export default {
  name: 'entry',
  routes: [
    { path: '/entries', component: list, props: object('item'), meta: own },
    { path: '/entries/departments', component: list, props: object('department'), meta: own },
    { path: '/entries/changes', component: changes, props: true, meta: own },
    { path: '/entry-rates', component: () => import('./BelowPage.vue'), meta: above },
    { path: '/centers/:center/entries', component: list, props: object('item'), meta: above },
    { path: '/centers/:center/entries/departments', component: list, props: object('department'), meta: above },
    { path: '/centers/:center/entries/changes', component: changes, props: true, meta: above },
  ],
  navigation: [
    { to: '/entries', label: 'nav.entries', icon: Finished, group: 'center', permission: 'procedure.read' },
    {
      to: '/entry-rates',
      label: 'nav.entryRates',
      icon: TrendCharts,
      group: 'supervision',
      permission: 'coverage.read',
    },
  ],
} satisfies ConsoleModule
