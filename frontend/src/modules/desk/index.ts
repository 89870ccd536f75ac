import { HomeFilled } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

export default {
  name: 'desk',
  routes: [{ path: '/', component: () => import('./DeskPage.vue'), meta: { title: 'nav.desk', section: '/' } }],
  navigation: [{ to: '/', label: 'nav.desk', icon: HomeFilled, group: 'desk' }],
} satisfies ConsoleModule
