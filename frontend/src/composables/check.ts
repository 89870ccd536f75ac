/** What can be said of a typed value before it is sent; the server decides all the same. */
import type { Material, RecordField, Value } from '@/api/types'
import { isEmpty } from './format'

export interface Fault {
  /** Key in the locale files. */
  key:
    | 'field.fault.whole'
    | 'field.fault.number'
    | 'field.fault.negative'
    | 'field.fault.at_most'
    | 'field.fault.none_left'
  bound?: Value
}

const FULL_WIDTH = /[０-９．]/g

/** Reads what clerks type, full-width digits included; null when empty, the text itself when it is no number. */
export function parseNumber(text: string, whole: boolean): number | string | null {
  const plain = text.trim().replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
  if (plain === '') return null
  const form = whole ? /^-?\d+$/ : /^-?\d+(\.\d{1,2})?$/
  return form.test(plain) ? Number(plain) : text
}

export function faultOf(field: Pick<RecordField, 'type' | 'rule' | 'bound'>, value: Value): Fault | null {
  if (isEmpty(value)) return Array.isArray(value) && field.rule === 'subset' ? { key: 'field.fault.none_left' } : null
  if (field.type !== 'integer' && field.type !== 'money') return null
  const figure = typeof value === 'number' ? value : Number.NaN
  if (Number.isNaN(figure)) return { key: field.type === 'integer' ? 'field.fault.whole' : 'field.fault.number' }
  if (figure < 0) return { key: 'field.fault.negative' }
  if (field.rule === 'at_most' && field.bound != null && figure > Number(field.bound)) {
    return { key: 'field.fault.at_most', bound: field.bound }
  }
  return null
}

/** All kept means nothing local: the standard's list applies, now and when it changes. */
export function keptOrAll(kept: string[], all: (string | Material)[]): string[] | null {
  return kept.length === all.length ? null : kept
}
