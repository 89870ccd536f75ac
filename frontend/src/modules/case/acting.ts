/** Acting in a case: what is typed is kept until the server has it; what changed meanwhile is shown, not lost. */
import { computed, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/problem'
import type { ActBody, Case, CaseAction } from '@/api/types'
import { dropDraft, keepDraft, readDraft } from '@/composables/draft'
import { useAction } from '@/composables/resource'

interface Typed {
  opinion: string
  on_behalf: string
  target: string
  assignee_id: number | null
}

interface Options {
  shown: () => Case
  action: CaseAction
  post: number | undefined
  send: (version: number, body: ActBody) => Promise<Case>
}

export function useActing({ shown, action, post, send }: Options) {
  const key = `case.${shown().center?.id ?? 'own'}.${shown().id}.${action.step}.${action.action}.${post}`
  const before = readDraft<Typed>(key)
  const only = action.targets.length === 1 ? action.targets[0]!.code : ''
  const typed = ref<Typed>(before?.value ?? { opinion: '', on_behalf: '', target: only, assignee_id: null })
  watch(typed, (now) => keepDraft(key, now, null), { deep: true })

  const tried = ref(false)
  const missing = computed(() => ({
    opinion: action.needs_opinion && !typed.value.opinion.trim(),
    on_behalf: action.needs_on_behalf && !typed.value.on_behalf.trim(),
    target: action.action === 'return' && !action.targets.some((one) => one.code === typed.value.target),
    assignee: action.action === 'delegate' && typed.value.assignee_id === null,
  }))
  /** What was done in between, as the trace has it. */
  const meanwhile = shallowRef<Case['trace'] | null>(null)

  /** The same act in the case as it stands now; none where it is not offered any more. */
  function again(now: Case): CaseAction | undefined {
    return now.actions.find((one) => one.step === action.step && one.action === action.action)
  }
  const blocked = computed(() => {
    const now = again(shown())
    return meanwhile.value !== null && !now?.possible
  })

  const sending = useAction(async (): Promise<{ now: Case; done: boolean } | null> => {
    tried.value = true
    if (Object.values(missing.value).some(Boolean)) return null
    const before = shown()
    const { opinion, on_behalf, target, assignee_id } = typed.value
    const body = {
      step: action.step,
      action: action.action as ActBody['action'],
      opinion,
      on_behalf,
      target,
      assignee_id,
    }
    try {
      const now = await send(before.version, body)
      dropDraft(key)
      return { now, done: true }
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'changed_meanwhile') throw error
      const now = error.body.current as Case
      meanwhile.value = now.trace.slice(before.trace.length)
      return { now, done: false }
    }
  })

  return { typed, restored: before?.at ?? null, tried, missing, meanwhile, blocked, sending }
}
