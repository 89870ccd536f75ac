import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

/** The three lists of updates, as addresses. */
export function useUpdateTabs() {
  const { t } = useI18n()
  return computed(() => [
    { key: 'open', label: t('update.open'), to: { path: '/updates' } },
    { key: 'done', label: t('update.done'), to: { path: '/updates', query: { state: 'done' } } },
    { key: 'held', label: t('update.held'), to: { path: '/updates/postponed' } },
  ])
}
