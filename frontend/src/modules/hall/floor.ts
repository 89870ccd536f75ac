/** A floor in words; what is more than a number, like 1楼 or B1, says itself what it is. */
export function floorText(t: (key: string, named: Record<string, unknown>) => string, name: string | null): string {
  if (!name) return ''
  return /^\d+$/.test(name) ? t('hall.floorName', { name }) : name
}
