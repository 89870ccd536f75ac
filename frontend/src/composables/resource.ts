/** Reading one thing, and doing one thing: with the state a page needs to show of either. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

export interface Resource<T> {
  data: ShallowRef<T | null>
  problem: ShallowRef<Problem | null>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/** The newest request wins; an older answer that comes late is dropped. */
export function useResource<T>(load: () => Promise<T>): Resource<T> {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  let newest = 0

  async function reload(): Promise<void> {
    const mine = ++newest
    loading.value = true
    try {
      const answer = await load()
      if (mine !== newest) return
      data.value = answer
      problem.value = null
    } catch (error) {
      if (mine === newest) problem.value = asProblem(error)
    } finally {
      if (mine === newest) loading.value = false
    }
  }

  void reload()
  return { data, problem, loading, reload }
}

export interface Action<Args extends unknown[], T> {
  pending: Ref<boolean>
  problem: ShallowRef<Problem | null>
  run: (...args: Args) => Promise<T | undefined>
}

/** A second call while the first is under way does nothing: a double click is harmless. */
export function useAction<Args extends unknown[], T>(act: (...args: Args) => Promise<T>): Action<Args, T> {
  const pending = ref(false)
  const problem = shallowRef<Problem | null>(null)

  async function run(...args: Args): Promise<T | undefined> {
    if (pending.value) return undefined
    pending.value = true
    problem.value = null
    try {
      return await act(...args)
    } catch (error) {
      problem.value = asProblem(error)
      return undefined
    } finally {
      pending.value = false
    }
  }

  return { pending, problem, run }
}

/** Repeats while it is wanted; rests while the page is hidden. */
export function usePolling(step: () => Promise<void>, wanted: () => boolean, interval = 1000): void {
  let ended = false
  async function turn(): Promise<void> {
    if (ended) return
    if (wanted() && !document.hidden) await step()
    if (!ended) timer = setTimeout(() => void turn(), interval)
  }
  let timer = setTimeout(() => void turn(), interval)
  onScopeDispose(() => {
    ended = true
    clearTimeout(timer)
  })
}
