/** 本地事项: what a center offers and no standard knows. */
import { Tickets } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

const meta = { title: 'nav.ownItems', permission: 'item.read' as const, section: '/own-items' }
const writes = { ...meta, permission: 'item.write' as const }

export default {
  name: 'ownitem',
  routes: [
    { path: '/own-items', component: () => import('./OwnItemsPage.vue'), meta },
    { path: '/own-items/new', component: () => import('./OwnItemPage.vue'), meta: writes },
    { path: '/own-items/import', component: () => import('./ImportPage.vue'), meta: writes },
    { path: '/own-items/:id', component: () => import('./OwnItemPage.vue'), props: true, meta: writes },
  ],
  navigation: [{ to: '/own-items', label: 'nav.ownItems', icon: Tickets, group: 'center', permission: 'item.read' }],
} satisfies ConsoleModule
