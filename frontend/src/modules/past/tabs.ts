/** What of a standard is looked at: its editions, or its history. */
import type { RouteLocationRaw } from 'vue-router'

export const standardTabs = (
  id: string,
  t: (key: string) => string,
): { key: string; label: string; to: RouteLocationRaw }[] => [
  { key: 'editions', label: t('past.editions'), to: `/standards/${id}` },
  { key: 'history', label: t('past.history'), to: `/standards/${id}/history` },
]
