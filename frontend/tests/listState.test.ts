import { createPinia } from 'pinia'
import { mount } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { expect, test } from 'vitest'
import { useListState } from '@/composables/listState'
import { i18n } from '@/i18n'
import { settled } from './support'

/** A list and a page that takes its time to arrive, as over a slow network. */
async function listAndSlowPage() {
  let state!: ReturnType<typeof useListState>
  let arrive!: () => void
  const List = defineComponent({
    setup() {
      state = useListState({ filters: () => [], sort: 'name' })
      return () => h('div')
    },
  })
  const Page = { render: () => h('p', 'page') }
  const slow = () => new Promise<typeof Page>((resolve) => (arrive = () => resolve(Page)))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/list', component: List },
      { path: '/page', component: slow },
      { path: '/refused', component: Page, beforeEnter: () => false },
    ],
  })
  await router.push('/list')
  mount(RouterView, { global: { plugins: [createPinia(), i18n, router] } })
  return { router, state, arrive: () => arrive() }
}

test('what was typed last does not take back a click on a row', async () => {
  const { router, state, arrive } = await listAndSlowPage()
  const left = router.push('/page')
  await settled()
  state.go({ q: '夜间' })
  await settled()
  arrive()
  await left
  expect(router.currentRoute.value.fullPath).toBe('/page')
})

test('a list that could not be left goes on searching', async () => {
  const { router, state } = await listAndSlowPage()
  await router.push('/refused')
  expect(router.currentRoute.value.path).toBe('/list')
  state.go({ q: '夜间' })
  await settled()
  expect(router.currentRoute.value.query).toEqual({ q: '夜间' })
})
