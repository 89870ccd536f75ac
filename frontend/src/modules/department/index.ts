/** 部门名册: who shall enter and has; everything of one department; what the center provides to it. */
import { Collection, Notebook } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const own = { title: 'nav.roster', permission: 'department.read' as const, section: '/roster' }
const above = { title: 'nav.rosters', permission: 'coverage.read' as const, section: '/rosters' }
const RosterPage = () => import('./RosterPage.vue')
const DepartmentPage = () => import('./DepartmentPage.vue')

export default {
  name: 'department',
  routes: [
    { path: '/roster', component: RosterPage, meta: own },
    {
      path: '/roster/services',
      component: () => import('./TemplatePage.vue'),
      meta: { ...own, title: 'department.template.title', permission: 'hall.read' as const },
    },
    { path: '/roster/:provision', component: DepartmentPage, props: true, meta: own },
    { path: '/rosters', component: () => import('./RostersPage.vue'), meta: above },
    { path: '/rosters/:center', component: RosterPage, props: true, meta: above },
    { path: '/rosters/:center/:provision', component: DepartmentPage, props: true, meta: above },
  ],
  navigation: [
    { to: '/roster', label: 'nav.roster', icon: Notebook, group: 'center', permission: 'department.read' },
    { to: '/rosters', label: 'nav.rosters', icon: Collection, group: 'supervision', permission: 'coverage.read' },
  ],
} satisfies ConsoleModule
