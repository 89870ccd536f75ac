/** Where the exit of all items of a department is begun at once, with what its own exit says. */
import { useI18n } from 'vue-i18n'
import type { RouteLocationRaw } from 'vue-router'

export function useExitOfItems() {
  const { t } = useI18n()
  return (code: string, name: string, own: { day?: string; reason?: string } = {}): RouteLocationRaw => ({
    path: '/campaigns/new',
    query: { leaves: code, name: t('department.itemsLeaveName', { name }), ...own },
  })
}
