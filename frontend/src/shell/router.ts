/** Addresses of the console, and who may open them. */
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { asProblem } from '@/api/problem'
import { useSessionHooks } from '@/api/transport'
import { i18n } from '@/i18n'
import { routes } from '@/modules'
import { useSession } from '@/stores/session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...routes,
    { path: '/not-allowed', component: () => import('./NotAllowedPage.vue'), meta: { title: 'shell.notAllowed' } },
    {
      path: '/unreachable',
      component: () => import('./UnreachablePage.vue'),
      meta: { title: 'shell.unreachable', bare: true, open: true },
    },
    { path: '/:rest(.*)*', component: () => import('./NotFoundPage.vue'), meta: { title: 'shell.notFound' } },
  ],
  scrollBehavior: (to, from, kept) => kept ?? (to.path === from.path ? false : { top: 0 }),
})

/** Steps on the way in; nobody wants to come back to them. */
const ON_THE_WAY = ['/', '/password', '/sign-in']
const signInFirst = (to: RouteLocationNormalized) => ({
  path: '/sign-in',
  query: ON_THE_WAY.includes(to.path) ? {} : { next: to.fullPath },
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.loaded && to.path !== '/unreachable') {
    try {
      await session.load()
    } catch (error) {
      asProblem(error)
      return { path: '/unreachable', query: { next: to.fullPath } }
    }
  }
  if (to.meta.open) return session.me && to.path === '/sign-in' ? '/' : true
  if (!session.me) return signInFirst(to)
  if (session.me.must_change_password && to.path !== '/password') return '/password'
  if (!session.can(to.meta.permission)) return { path: '/not-allowed', query: { from: to.path }, replace: true }
  return true
})

router.afterEach((to, from) => {
  const { t } = i18n.global
  document.title = to.meta.title ? `${t(to.meta.title)} · ${t('product.name')}` : t('product.name')
  if (from.matched.length > 0 && to.path !== from.path) document.getElementById('main')?.focus({ preventScroll: true })
})

useSessionHooks({ passwordMustChange: () => void router.push('/password') })
