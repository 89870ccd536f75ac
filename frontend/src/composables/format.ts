/** How figures, dates and field values are written. */
import { useI18n } from 'vue-i18n'
import type { Choice, FieldShape, Material, Value } from '@/api/types'
import { language } from '@/i18n'

const two = (number: number) => String(number).padStart(2, '0')

/** 2026-11-23, in the reader's time zone; a bare date stays as it is. */
export function date(value: string | null | undefined): string {
  if (!value) return '—'
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value
  const moment = new Date(value)
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

export function dateTime(value: string | null | undefined): string {
  if (!value) return '—'
  const moment = new Date(value)
  return `${date(value)} ${two(moment.getHours())}:${two(moment.getMinutes())}`
}

export function number(value: number | null | undefined): string {
  return value == null ? '—' : value.toLocaleString(language.value)
}

/** Never rounds up to 100 % what is not complete, nor down to 0 % what has begun. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '—'
  const share = (part / whole) * 100
  const shown = share > 99.9 && share < 100 ? 99.9 : share > 0 && share < 0.1 ? 0.1 : share
  return `${shown.toFixed(shown % 1 === 0 ? 0 : 1)} %`
}

export const share = (part: number, whole: number) => (whole === 0 ? 0 : (part / whole) * 100)

export function isEmpty(value: Value | undefined): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0)
}

export const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

export const labelOf = (code: string, choices: Choice[] | null | undefined) =>
  choices?.find((choice) => choice.code === code)?.label ?? code

export const isMaterial = (value: unknown): value is Material => typeof value === 'object' && value !== null

/** The local value of a material list names only the codes that are kept. */
export const materialCode = (material: Material | string) =>
  typeof material === 'string' ? material : String(material.code)

export function materialName(material: Material | string, all: Value = null): string {
  if (isMaterial(material)) return String(material.name ?? material.code)
  const known = Array.isArray(all) ? all.find((one) => isMaterial(one) && one.code === material) : undefined
  return isMaterial(known) ? String(known.name ?? material) : material
}

/** The names a list's codes have, or had before they were dropped, in the form of a list of the standard. */
export const namedParts = (names: Record<string, string> | null | undefined): Value =>
  Object.entries(names ?? {}).map(([code, name]) => ({ code, name }))

export function money(value: number | string): string {
  return Number(value).toLocaleString(language.value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

export function useFormat() {
  const { t } = useI18n()

  function unit(field: FieldShape): string {
    if (field.unit) return ` ${field.unit}`
    return field.type === 'money' ? ` ${t('unit.yuan')}` : ''
  }

  function list(value: (string | Material)[], field: FieldShape, all: Value): string {
    const names = value.map((one) =>
      isMaterial(one) || field.type === 'materials' ? materialName(one, all) : labelOf(one, field.choices),
    )
    return names.join(t('punctuation.list'))
  }

  /** A code whose name is at hand. */
  function coded(code: string, field: FieldShape): string {
    const name = field.choices?.find((choice) => choice.code === code)?.label
    return name ? t('punctuation.coded', { name, code }) : code
  }

  /** One line of text; used in cells, exports and differences. */
  function text(value: Value | undefined, field: FieldShape, all: Value = null): string {
    if (isEmpty(value)) return '—'
    if (Array.isArray(value)) return list(value, field, all)
    if (field.type === 'money') return money(value as number) + unit(field)
    if (field.type === 'integer') return number(Number(value)) + unit(field)
    if (field.type === 'choice') return labelOf(String(value), field.choices)
    if (field.type === 'code') return coded(String(value), field)
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    return String(value)
  }

  return { text, unit }
}
