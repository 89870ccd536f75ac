/** 质量检查: what contradicts itself or is missing in the guides of a center, and of those below it. */
import { CircleCheck, DataBoard } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const above = { title: 'nav.qualityBelow', permission: 'coverage.read' as const, section: '/quality/centers' }
const QualityPage = () => import('./QualityPage.vue')

export default {
  name: 'quality',
  routes: [
    {
      path: '/quality',
      component: QualityPage,
      meta: { title: 'nav.quality', permission: 'item.read', section: '/quality' },
    },
    { path: '/quality/centers', component: () => import('./QualityBelowPage.vue'), meta: above },
    { path: '/centers/:center/quality', component: QualityPage, props: true, meta: above },
  ],
  navigation: [
    { to: '/quality', label: 'nav.quality', icon: CircleCheck, group: 'center', permission: 'item.read' },
    {
      to: '/quality/centers',
      label: 'nav.qualityBelow',
      icon: DataBoard,
      group: 'supervision',
      permission: 'coverage.read',
    },
  ],
} satisfies ConsoleModule
