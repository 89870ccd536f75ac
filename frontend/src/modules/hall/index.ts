/** 大厅窗口: halls with their map and hours, and the windows with who is at them. */
import { Location, MapLocation } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const halls = { title: 'nav.halls', permission: 'hall.read' as const, section: '/halls' }
const windows = { title: 'nav.windows', permission: 'hall.read' as const, section: '/windows' }

export default {
  name: 'hall',
  routes: [
    { path: '/halls', component: () => import('./HallsPage.vue'), meta: halls },
    { path: '/halls/:id', component: () => import('./HallPage.vue'), props: true, meta: halls },
    { path: '/windows', component: () => import('./WindowsPage.vue'), meta: windows },
    { path: '/windows/:id', component: () => import('./WindowPage.vue'), props: true, meta: windows },
    {
      path: '/windows/:id/sign',
      component: () => import('./SignPage.vue'),
      props: true,
      // It is printed: nothing of the console stands around it.
      meta: { ...windows, bare: true },
    },
  ],
  navigation: [
    { to: '/halls', label: 'nav.halls', icon: MapLocation, group: 'center', permission: 'hall.read' },
    { to: '/windows', label: 'nav.windows', icon: Location, group: 'center', permission: 'hall.read' },
  ],
} satisfies ConsoleModule
