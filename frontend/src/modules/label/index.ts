/** Labels of the centers below: pilot, mountain county, … */
import { CollectionTag } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'label.title', permission: 'label.write' as const, section: '/labels' }

export default {
  name: 'label',
  routes: [{ path: '/labels', component: () => import('./LabelsPage.vue'), meta }],
  navigation: [
    { to: '/labels', label: 'label.title', icon: CollectionTag, group: 'standard', permission: 'label.write' },
  ],
} satisfies ConsoleModule
