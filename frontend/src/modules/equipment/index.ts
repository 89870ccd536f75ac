/** 专用设施设备: what departments and items bring into the halls, and take away before they leave. */
import { Printer } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.equipment', permission: 'hall.read' as const, section: '/equipment' }

export default {
  name: 'equipment',
  routes: [{ path: '/equipment', component: () => import('./EquipmentPage.vue'), meta }],
  navigation: [{ to: '/equipment', label: 'nav.equipment', icon: Printer, group: 'center', permission: 'hall.read' }],
} satisfies ConsoleModule
