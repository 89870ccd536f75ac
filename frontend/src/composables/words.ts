/** Words for what the server sends as codes; its own sentences are taken as they are. */
import { useI18n } from 'vue-i18n'
import type { Problem } from '@/api/problem'

export function useWords() {
  const { t, te } = useI18n()

  const word = (group: string, code: string) => (te(`${group}.${code}`) ? t(`${group}.${code}`) : code)

  function problemTitle(problem: Problem): string {
    return problem.title || word('problem.title', problem.code)
  }

  function problemText(problem: Problem): string {
    if (problem.detail) return problem.detail
    return te(`problem.text.${problem.code}`) ? t(`problem.text.${problem.code}`) : t('problem.text.broken')
  }

  return { word, problemTitle, problemText }
}
