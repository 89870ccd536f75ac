import type { ConsoleModule } from '../module'

export default {
  name: 'session',
  routes: [
    {
      path: '/sign-in',
      component: () => import('./SignInPage.vue'),
      meta: { title: 'session.signIn', bare: true, open: true },
    },
    {
      path: '/password',
      component: () => import('./PasswordPage.vue'),
      meta: { title: 'session.changePassword', bare: true },
    },
  ],
  navigation: [],
} satisfies ConsoleModule
