/** What can be said of a typed value before it is sent; the server decides all the same. */
import type { Part, PartsChange, RecordField, Value } from '@/api/types'
import { isEmpty } from './format'
import { isChange, partsOf } from './parts'

export interface Fault {
  /** Key in the locale files. */
  key:
    | 'field.fault.whole'
    | 'field.fault.number'
    | 'field.fault.negative'
    | 'field.fault.at_most'
    | 'field.fault.at_least'
    | 'field.fault.percent'
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
  if (isChange(value)) return nothingLeft(field, value) ? { key: 'field.fault.none_left' } : null
  if (isEmpty(value)) return Array.isArray(value) && field.rule === 'subset' ? { key: 'field.fault.none_left' } : null
  if (field.type === 'grade') return boundFault(field, Number(value))
  if (!['integer', 'money', 'percent'].includes(field.type)) return null
  const figure = typeof value === 'number' ? value : Number.NaN
  if (Number.isNaN(figure)) return { key: field.type === 'integer' ? 'field.fault.whole' : 'field.fault.number' }
  if (figure < 0) return { key: 'field.fault.negative' }
  if (field.type === 'percent' && figure > 100) return { key: 'field.fault.percent' }
  return boundFault(field, figure)
}

function nothingLeft({ rule, bound }: Pick<RecordField, 'rule' | 'bound'>, { drop, add }: PartsChange): boolean {
  const all = partsOf(bound).length
  return rule === 'subset' && all > 0 && !add && (drop?.length ?? 0) >= all
}

function boundFault({ rule, bound }: Pick<RecordField, 'rule' | 'bound'>, figure: number): Fault | null {
  if (bound == null) return null
  if (rule === 'at_most' && figure > Number(bound)) return { key: 'field.fault.at_most', bound }
  if (rule === 'at_least' && figure < Number(bound)) return { key: 'field.fault.at_least', bound }
  return null
}

/** All kept means nothing local: the standard's list applies, now and when it changes. */
export function keptOrAll(kept: string[], all: (string | Part)[]): string[] | null {
  return kept.length === all.length ? null : kept
}
