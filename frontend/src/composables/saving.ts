/** Saving on the version that was seen; where another one stands there by now, it is read and said, and nothing typed is lost. */
import { computed } from 'vue'
import { useAction } from './resource'

export function useSaving(save: () => Promise<void>, meanwhile: () => void) {
  const saving = useAction(save)
  const stale = computed(() => saving.problem.value?.code === 'changed_meanwhile')
  async function run(): Promise<void> {
    await saving.run()
    if (stale.value) meanwhile()
  }
  /** Told beside the form; that somebody was quicker is told in other words. */
  const problem = computed(() => (stale.value ? null : saving.problem.value))
  return { pending: saving.pending, problem, stale, run, forget: () => (saving.problem.value = null) }
}
