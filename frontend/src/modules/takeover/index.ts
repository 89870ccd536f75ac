/** 接管: own items matched with the catalogues, and what a standard gave up kept as one's own. */
import { Switch } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.takeover', permission: 'item.takeover' as const, section: '/takeover' }

export default {
  name: 'takeover',
  routes: [
    { path: '/takeover', component: () => import('./TakeoverPage.vue'), meta },
    { path: '/takeover/dropped', component: () => import('./DroppedPage.vue'), meta },
  ],
  navigation: [{ to: '/takeover', label: 'nav.takeover', icon: Switch, group: 'center', permission: 'item.takeover' }],
} satisfies ConsoleModule
