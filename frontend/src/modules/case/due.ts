/** Working days left, in words and in a colour. */
import { useI18n } from 'vue-i18n'
import { number } from '@/composables/format'

/** From so many working days on one is warned. */
export const SOON = 2

export function dueTone(left: number | null): 'soft' | 'amber' | 'red' {
  if (left === null || left > SOON) return 'soft'
  return left < 0 ? 'red' : 'amber'
}

export function useDue() {
  const { t } = useI18n()
  function words(left: number | null): string {
    if (left === null) return ''
    if (left < 0) return t('case.late', { n: number(-left) })
    return left === 0 ? t('case.dueToday') : t('case.left', { n: number(left) })
  }
  return { words }
}
