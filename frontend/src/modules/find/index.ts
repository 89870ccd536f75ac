/** All results of the one search of a center. */
import type { ConsoleModule } from '../module'

export default {
  name: 'find',
  routes: [
    { path: '/find', component: () => import('./FindPage.vue'), meta: { title: 'find.title', section: '/find' } },
  ],
  navigation: [],
} satisfies ConsoleModule
