/** 办理程序: the department confirms the handling steps of its items. */
import { Memo } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

export default {
  name: 'handling',
  routes: [
    {
      path: '/handling',
      component: () => import('./HandlingPage.vue'),
      meta: { title: 'nav.handling', permission: 'item.read', section: '/handling' },
    },
  ],
  navigation: [{ to: '/handling', label: 'nav.handling', icon: Memo, group: 'center', permission: 'item.read' }],
} satisfies ConsoleModule
