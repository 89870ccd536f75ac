/** Why somebody was not let in, and what is left to do. */
import { useI18n } from 'vue-i18n'
import type { Problem } from '@/api/problem'
import { dateTime } from '@/composables/format'
import { useWords } from '@/composables/words'

export function useSignInWords() {
  const { t } = useI18n()
  const { problemText } = useWords()

  function refusal(problem: Problem): string {
    const { attempts_left: left, until } = problem.body as { attempts_left?: number; until?: string }
    if (problem.code === 'wrong_credentials') {
      return left == null ? t('session.wrong') : t('session.wrongLeft', { n: left })
    }
    if (problem.code === 'account_locked') {
      return until ? t('session.lockedUntil', { until: dateTime(until) }) : t('session.locked')
    }
    return problemText(problem)
  }

  return { refusal }
}
