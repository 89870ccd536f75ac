/** Lists of objects: named by code, changed by code, never by place. What is done here the server does too. */
import type { Column, FieldShape, Part, PartsChange, RuleName, Value } from '@/api/types'

export const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isChange = (value: Value | undefined): value is PartsChange => isPart(value)

export const partsOf = (value: Value | undefined): Part[] =>
  Array.isArray(value) ? (value as (string | Part)[]).filter(isPart) : []

export const codeOf = (part: Part | string) => (typeof part === 'string' ? part : String(part.code))

/** What a part is called: its name, or else what it says first. */
export const titleOf = (part: Part) => String(part.name ?? part.question ?? part.text ?? part.code ?? '')

/** The name a code has in a list, or the code. */
export function nameOf(code: string, all: Value | undefined): string {
  const known = partsOf(all).find((part) => part.code === code)
  return known ? titleOf(known) : code
}

/** The names of codes, also of parts that were dropped, in the form of a list. */
export const namedParts = (names: Record<string, string> | null | undefined): Value =>
  Object.entries(names ?? {}).map(([code, name]) => ({ code, name }))

/** The next free code after the pattern of those that are there. */
export function nextCode(parts: Part[], otherwise: string): string {
  const codes = parts.map((part) => /^(.*?)(\d+)$/.exec(String(part.code ?? ''))).filter((found) => found !== null)
  const prefix = codes.at(-1)?.[1] ?? otherwise
  const width = codes.at(-1)?.[2]!.length ?? 2
  const most = Math.max(0, ...codes.filter((found) => found[1] === prefix).map((found) => Number(found[2])))
  return prefix + String(most + 1).padStart(width, '0')
}

export const NUMBERS = ['integer', 'money', 'percent']
export const isNumber = (column: Pick<Column, 'type'>) => NUMBERS.includes(column.type)

/** A part with a cell set; an empty cell is left out. */
export function withCell(part: Part, column: Pick<Column, 'name'>, value: Part[string]): Part {
  const { [column.name]: _, ...rest } = part
  const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  return empty ? rest : { ...rest, [column.name]: value }
}

const OPEN: RuleName[] = ['default', 'local', 'exempt']
export const maySet = (column: Column, rule: RuleName | undefined) =>
  column.name !== 'code' && rule !== 'fixed' && (column.local !== null || OPEN.includes(rule!))
export const mayDrop = (rule: RuleName | undefined) => rule === 'subset' || OPEN.includes(rule!)
export const mayAdd = (rule: RuleName | undefined) => rule === 'superset' || OPEN.includes(rule!)

/** A change without its empty members; null where nothing is changed. */
function tidy({ drop = [], add = [], set = {} }: PartsChange): PartsChange | null {
  const cells = Object.fromEntries(Object.entries(set).filter(([, part]) => Object.keys(part).length > 0))
  const change: PartsChange = {}
  if (drop.length > 0) change.drop = [...drop].sort()
  if (add.length > 0) change.add = add
  if (Object.keys(cells).length > 0) change.set = cells
  return Object.keys(change).length > 0 ? change : null
}

export const changeOf = (value: Value | undefined): PartsChange => (isChange(value) ? value : {})

/** Drops a part of the standard, with what was set in it, or takes it again. */
export function dropped(value: Value, code: string, on: boolean): PartsChange | null {
  const change = changeOf(value)
  const { [code]: own, ...set } = change.set ?? {}
  const others = (change.drop ?? []).filter((one) => one !== code)
  return tidy({ ...change, drop: on ? [...others, code] : others, set: on ? set : (change.set ?? {}) })
}

export function cellSet(value: Value, code: string, column: Column, cell: Part[string]): PartsChange | null {
  const change = changeOf(value)
  const part = withCell(change.set?.[code] ?? {}, column, cell)
  return tidy({ ...change, set: { ...change.set, [code]: part } })
}

export const added = (value: Value, parts: Part[]): PartsChange | null => tidy({ ...changeOf(value), add: parts })

/** What is left of a change inside a bound: nothing that the rule forbids, no cell beyond the standard's. */
export function inside(change: PartsChange, bound: Value, columns: Column[], rule: RuleName): PartsChange | null {
  const limits = new Map(partsOf(bound).map((part) => [String(part.code), part]))
  const kept =
    (code: string) =>
    ([name, value]: [string, Part[string]]) => {
      const column = columns.find((one) => one.name === name)
      const limit = limits.get(code)?.[name]
      if (!column || !maySet(column, rule)) return false
      if (limit == null || typeof value !== 'number') return true
      if (column.local === 'at_most') return value <= Number(limit)
      return column.local !== 'at_least' || value >= Number(limit)
    }
  const set = Object.entries(change.set ?? {}).map(([code, cells]) => [
    code,
    Object.fromEntries(Object.entries(cells).filter(kept(code))),
  ])
  return tidy({
    drop: mayDrop(rule) ? change.drop : [],
    add: mayAdd(rule) ? change.add : [],
    set: Object.fromEntries(set) as Record<string, Part>,
  })
}

/** The list that holds once a change is made. */
export function applied(standard: Value | undefined, value: Value | undefined): Part[] {
  const { drop = [], add = [], set = {} } = changeOf(value)
  const kept = partsOf(standard).filter((part) => !drop.includes(String(part.code)))
  const known = new Set(partsOf(standard).map((part) => part.code))
  return [
    ...kept.map((part) => ({ ...part, ...set[String(part.code)] })),
    ...add.filter((part) => !known.has(part.code ?? null)),
  ]
}

/** The columns in which at least one part says something. */
export const filled = (field: Pick<FieldShape, 'columns'>, parts: Part[]): Column[] =>
  (field.columns ?? []).filter((column) => parts.some((part) => part[column.name] != null && part[column.name] !== ''))
