/** What of a comparison is looked at, kept in the address: the field, and what narrows the centers. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** What narrows the list of centers, besides search and state. */
export const NARROWED = ['value', 'at_least', 'at_most', 'dropped'] as const

export type Narrowed = Partial<Record<(typeof NARROWED)[number], string>>

export function useLook() {
  const route = useRoute()
  const router = useRouter()
  const text = (name: string) => (typeof route.query[name] === 'string' ? (route.query[name] as string) : '')

  const field = computed(() => text('field'))
  const parent = computed(() => text('parent') || undefined)
  const narrowed = computed(() => NARROWED.some((name) => text(name)))

  /** Another field starts with all centers. */
  function look(name: string): void {
    void router.replace({ query: { ...(parent.value ? { parent: parent.value } : {}), field: name } })
  }

  function narrow(to: Narrowed): void {
    const without = Object.fromEntries(NARROWED.map((name) => [name, undefined]))
    void router.replace({ query: { ...route.query, ...without, page: undefined, ...to } })
  }

  return { field, parent, narrowed, look, narrow, text }
}
