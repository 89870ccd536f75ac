/** 工作日历: the days that clocks are counted by, with those that the province sets itself. */
import { Calendar } from '@element-plus/icons-vue'
import type { ConsoleModule } from '../module'

export default {
  name: 'calendar',
  routes: [
    {
      path: '/calendar',
      component: () => import('./CalendarPage.vue'),
      meta: { title: 'nav.calendar', section: '/calendar' },
    },
  ],
  navigation: [{ to: '/calendar', label: 'nav.calendar', icon: Calendar, group: 'standard' }],
} satisfies ConsoleModule
