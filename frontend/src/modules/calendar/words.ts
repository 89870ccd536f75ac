/** What is said of a day: whether it is worked, and why. */
import { useI18n } from 'vue-i18n'
import type { CalendarDay } from '@/api/types'
import { weekday } from './months'

export function useDayWords() {
  const { t } = useI18n()

  /** What the public calendar says. */
  function publicly(day: CalendarDay): string {
    if (day.holiday) return day.holiday
    const weekend = weekday(day.day) > 4
    if (day.public) return t(weekend ? 'calendar.makeUp' : 'calendar.working')
    return t(weekend ? 'calendar.weekend' : 'calendar.bridge')
  }
  function said(day: CalendarDay): string {
    const state = t(day.working ? 'calendar.working' : 'calendar.off')
    const why = day.own ? t('calendar.setBy', { owner: day.own.owner, name: day.own.name }) : publicly(day)
    return state === why ? state : `${state}（${why}）`
  }
  return { publicly, said }
}
