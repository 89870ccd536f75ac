/** How figures, dates and field values are written. */
import { useI18n } from 'vue-i18n'
import type { Choice, Column, FieldShape, Part, PartsChange, Value } from '@/api/types'
import { language } from '@/i18n'
import { inSingular } from '@/i18n/singular'
import { chinaTime } from './days'
import { isChange, isPart, nameOf, titleOf } from './parts'

/** 2026-11-23 in China, wherever the reader is; a bare date stays as it is. */
export function date(value: string | null | undefined): string {
  if (!value) return '—'
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : chinaTime(value).slice(0, 10)
}

export function dateTime(value: string | null | undefined): string {
  return value ? chinaTime(value).slice(0, 16).replace('T', ' ') : '—'
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

export function money(value: number | string): string {
  return Number(value).toLocaleString(language.value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

const counted = (figure: string) => (language.value === 'en' ? inSingular(figure) : figure)

export function useFormat() {
  const { t } = useI18n()

  function unit(field: Pick<FieldShape, 'type' | 'unit'>): string {
    if (field.unit) return ` ${field.unit}`
    if (field.type === 'percent') return ' %'
    return field.type === 'money' ? ` ${t('unit.yuan')}` : ''
  }

  function list(value: (string | Part)[], field: FieldShape, all: Value): string {
    const names = value.map((one) => {
      if (isPart(one)) return titleOf(one)
      return field.type === 'parts' || field.type === 'codes' ? nameOf(one, all) : labelOf(one, field.choices)
    })
    return names.join(t('punctuation.list'))
  }

  /** A code whose name is at hand. */
  function coded(code: string, field: FieldShape): string {
    const name = field.choices?.find((choice) => choice.code === code)?.label
    return name ? t('punctuation.coded', { name, code }) : code
  }

  /** What a cell of a part says; `all` names the parts that a list of codes refers to. */
  const cell = (part: Part, column: Column, all: Value = null): string =>
    text(part[column.name] ?? null, { ...column, columns: null }, all)

  /** A part in one line: its name, and what else is said of it. */
  function line(part: Part, field: FieldShape): string {
    const rest = (field.columns ?? [])
      .filter((column) => column.name !== 'code' && part[column.name] != null && part[column.name] !== titleOf(part))
      .map((column) => t('punctuation.labelled', { label: column.label, value: cell(part, column) }))
    return rest.length === 0 ? titleOf(part) : t('punctuation.detailed', { name: titleOf(part), rest: rest.join('，') })
  }

  /** What a lower level changes in a list, line by line. */
  function changes(change: PartsChange, field: FieldShape, all: Value): string[] {
    const columns = field.columns ?? []
    const set = Object.entries(change.set ?? {}).flatMap(([code, cells]) =>
      columns
        .filter((column) => column.name in cells)
        .map((column) =>
          t('field.changed.set', { name: nameOf(code, all), column: column.label, value: cell(cells, column) }),
        ),
    )
    return [
      ...(change.drop ?? []).map((code) => t('field.changed.drop', { name: nameOf(code, all) })),
      ...set,
      ...(change.add ?? []).map((part) => t('field.changed.add', { name: titleOf(part) })),
    ]
  }

  /** One line of text; used in cells, exports and differences. */
  function text(value: Value | undefined, field: FieldShape, all: Value = null): string {
    if (isEmpty(value)) return '—'
    if (Array.isArray(value)) return list(value as (string | Part)[], field, all)
    if (isChange(value)) return changes(value, field, all).join(t('punctuation.list'))
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    if (field.type === 'money') return money(value as number) + unit(field)
    if (field.type === 'integer' || field.type === 'percent') return counted(number(Number(value)) + unit(field))
    if (field.type === 'choice' || field.type === 'grade') return labelOf(String(value), field.choices)
    if (field.type === 'code') return coded(String(value), field)
    return String(value)
  }

  return { text, unit, cell, line, changes }
}
