/** Search, filter, order, page and columns of a list, kept in the address. */
import { computed, onScopeDispose, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

export type ListQuery = Record<string, string | number | undefined>

export interface ListState {
  q: string
  page: number
  perPage: number
  sort: string
  columns: string[] | null
  filters: Record<string, string>
}

export const PAGE_SIZES = [20, 50, 100, 200]

function text(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : ''
}

function positive(value: unknown, otherwise: number): number {
  const number = Number.parseInt(text(value), 10)
  return number > 0 ? number : otherwise
}

/** Whether another page has been asked for and is on its way. */
function useLeaving(): () => boolean {
  const router = useRouter()
  let leaving = false
  onScopeDispose(
    router.beforeEach((to, from) => {
      leaving = to.path !== from.path
    }),
  )
  onScopeDispose(
    router.afterEach(() => {
      leaving = false
    }),
  )
  return () => leaving
}

export function useListState(options: { filters: () => string[]; sort: string }) {
  const route = useRoute()
  const router = useRouter()
  const leaving = useLeaving()

  const state: ComputedRef<ListState> = computed(() => ({
    q: text(route.query.q),
    page: positive(route.query.page, 1),
    perPage: PAGE_SIZES.includes(positive(route.query.per_page, 20)) ? positive(route.query.per_page, 20) : 20,
    sort: text(route.query.sort) || options.sort,
    columns: text(route.query.columns) ? text(route.query.columns).split(',') : null,
    filters: Object.fromEntries(options.filters().map((name) => [name, text(route.query[name])])),
  }))

  /** What the rows depend on; the same object goes into the export. */
  const query = computed<ListQuery>(() => ({
    ...Object.fromEntries(Object.entries(state.value.filters).filter(([, value]) => value)),
    q: state.value.q || undefined,
    sort: state.value.sort || undefined,
  }))

  const filtered = computed(() => Boolean(state.value.q) || Object.values(state.value.filters).some(Boolean))

  /** A search still to come when a row was clicked is dropped: it would take the click back. */
  function go(changes: Record<string, string | number | undefined>, keepPage = false): void {
    if (leaving()) return
    const next: LocationQueryRaw = { ...route.query, ...(keepPage ? {} : { page: undefined }) }
    for (const [name, value] of Object.entries(changes)) next[name] = value === '' ? undefined : value
    void router.replace({ query: next })
  }

  function clear(): void {
    go(Object.fromEntries(['q', ...options.filters()].map((name) => [name, undefined])))
  }

  return { state, query, filtered, go, clear }
}
