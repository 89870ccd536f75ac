/** 邮件提醒: what waits for me, by mail as well; reached from the menu of the account. */
import type { ConsoleModule } from '../module'

export default {
  name: 'mail',
  routes: [{ path: '/mail', component: () => import('./MailPage.vue'), meta: { title: 'mail.title' } }],
  navigation: [],
} satisfies ConsoleModule
