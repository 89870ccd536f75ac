/** The two ways between the own catalogue and the standards. */
import { useI18n } from 'vue-i18n'

export function useTabs() {
  const { t } = useI18n()
  return [
    { key: 'take', label: t('nav.takeover'), to: '/takeover' },
    { key: 'dropped', label: t('takeover.dropped'), to: '/takeover/dropped' },
  ]
}
