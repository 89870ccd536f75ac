/** What the person at this post should know. */
import type { ConsoleModule } from '../module'

const meta = { title: 'notice.title', section: '/notices' }

export default {
  name: 'notice',
  routes: [{ path: '/notices', component: () => import('./NoticesPage.vue'), meta }],
  navigation: [],
} satisfies ConsoleModule
