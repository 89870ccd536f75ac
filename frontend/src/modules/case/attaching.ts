/** Files on their way into a case: one after the other; what fails stays with the reason, and is sent again. */
import { computed, reactive, ref, shallowReactive, shallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import { attach, type CaseKey, type Said } from '@/api/documents'
import type { Case } from '@/api/types'
import { MOST_BYTES } from './papers'

export interface Waiting {
  id: number
  file: File
  /** Which share of it has gone. */
  gone: number
  problem: Problem | null
}

export const tooLarge = (one: Waiting) => one.file.size > MOST_BYTES

export function useAttaching(key: () => CaseKey, said: Said) {
  const typed = reactive<Said>({ ...said })
  const waiting = ref<Waiting[]>([])
  const pending = ref(false)
  let taken = 0
  const newest = shallowRef<Case | null>(null)
  const sendable = computed(() => waiting.value.length > 0 && !waiting.value.some(tooLarge))

  function take(files: Iterable<File>): void {
    for (const file of files) waiting.value.push(shallowReactive({ id: ++taken, file, gone: 0, problem: null }))
  }
  function drop(one: Waiting): void {
    waiting.value = waiting.value.filter((other) => other !== one)
  }

  async function send(one: Waiting): Promise<void> {
    one.problem = null
    one.gone = 0
    try {
      newest.value = await attach(key(), typed, one.file, (share) => (one.gone = share))
      drop(one)
    } catch (error) {
      one.problem = asProblem(error)
      one.gone = 0
    }
  }

  /** Sends what waits; returns whether all of it has arrived. */
  async function run(): Promise<boolean> {
    if (pending.value || !sendable.value) return false
    pending.value = true
    for (const one of [...waiting.value]) await send(one)
    pending.value = false
    return waiting.value.length === 0
  }

  return { typed, waiting, pending, newest, sendable, take, drop, run }
}
