/** What the two lists of conflicts share: open and settled ones, one answer for many, and what is said of it. */
import { computed, ref, shallowRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { ElMessage } from 'element-plus'
import type { Key } from '@/api/types'
import { number } from './format'
import { useAction } from './resource'

export interface ListHandle {
  reload: () => Promise<void>
  clearSelection: () => void
  total: number
}

interface Answers<Row> {
  path: string
  takeOne: (row: Row) => Promise<unknown>
  /** Null: all that are open. */
  takeMany: (ids: Key[] | null) => Promise<{ settled: number }>
}

export function useSettling<Row>(list: Readonly<Ref<ListHandle | null>>, { path, takeOne, takeMany }: Answers<Row>) {
  const { t } = useI18n()
  const route = useRoute()
  const state = computed(() => (route.query.state === 'settled' ? 'settled' : 'open'))
  const tabs = computed(() => [
    { key: 'open', label: t('conflict.open'), to: { path } },
    { key: 'settled', label: t('conflict.settled'), to: { path, query: { state: 'settled' } } },
  ])
  const keeping = shallowRef<Row | null>(null)
  const keepOpen = computed({ get: () => keeping.value !== null, set: (on) => !on && (keeping.value = null) })
  const target = ref<{ ids: Key[] | null; n: number }>({ ids: [], n: 0 })
  const confirming = ref(false)

  async function answered(): Promise<void> {
    keeping.value = null
    ElMessage.success({ message: t('conflict.settledOne'), grouping: true })
    await list.value?.reload()
  }
  const taking = useAction(async (row: Row) => {
    await takeOne(row)
    await answered()
  })
  const takingMany = useAction(async () => {
    const { settled } = await takeMany(target.value.ids as Key[] | null)
    confirming.value = false
    ElMessage.success(t('conflict.settledMany', { n: number(settled) }))
    list.value?.clearSelection()
    await list.value?.reload()
  })
  function ask(ids: Key[] | null, n: number): void {
    target.value = { ids, n }
    takingMany.problem.value = null
    confirming.value = true
  }

  return { state, tabs, keeping, keepOpen, target, confirming, answered, taking, takingMany, ask }
}
