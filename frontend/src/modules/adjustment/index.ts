/** 动态调整: what becomes of items, on which day, what takes their place, and what a standard gave up. */
import { Switch } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.adjustments', permission: 'procedure.read' as const, section: '/adjustments' }

export default {
  name: 'adjustment',
  routes: [{ path: '/adjustments', component: () => import('./AdjustmentsPage.vue'), meta }],
  navigation: [
    { to: '/adjustments', label: 'nav.adjustments', icon: Switch, group: 'center', permission: 'procedure.read' },
  ],
} satisfies ConsoleModule
