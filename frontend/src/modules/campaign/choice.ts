/** What a campaign is to be: as it is typed, and as it is sent. */
import type { CampaignBody } from '@/api/types'

export interface Typed {
  name: string
  object: 'item' | 'department'
  kind: 'entry' | 'adjustment' | 'suspension' | 'exit' | 'negative_list'
  mode: string
  day: string | null
  reason: string
  way: 'filter' | 'list'
  state: string
  departments: string[]
  item_type: string
  q: string
  list: string
}

/** How something stands that a kind of case is meant for. */
export const STANDING: Record<Typed['kind'], string> = {
  entry: 'not_entered',
  negative_list: 'not_entered',
  adjustment: 'entered',
  suspension: 'entered',
  exit: 'here',
}

export const fresh = (): Typed => ({
  name: '',
  object: 'item',
  kind: 'entry',
  mode: '',
  day: null,
  reason: '',
  way: 'filter',
  state: 'not_entered',
  departments: [],
  item_type: '',
  q: '',
  list: '',
})

/** What an address asks for: the exit of all items of a department, on the day and for the reason of its own. */
export function preset(query: Record<string, unknown>): Partial<Typed> | null {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '')
  const department = text('leaves')
  if (!department) return null
  return {
    object: 'item',
    kind: 'exit',
    state: STANDING.exit,
    departments: [department],
    name: text('name'),
    day: text('day') || null,
    reason: text('reason'),
  }
}

/** The codes of a pasted list: one a line, of several columns the first. */
export function codesOf(list: string): { row: number; code: string }[] {
  return list
    .split(/\r?\n/)
    .map((line, place) => ({
      row: place + 1,
      code: line
        .split(/[\t,;，；]/)[0]!
        .trim()
        .slice(0, 64),
    }))
    .filter((one) => one.code)
}

export function body(typed: Typed, without: number[]): CampaignBody {
  const byList = typed.way === 'list'
  const facts: Record<string, string> = {}
  if (typed.mode && ['entry', 'adjustment'].includes(typed.kind)) facts.mode = typed.mode
  if (typed.day) facts.effective_on = typed.day
  return {
    name: typed.name.trim(),
    object: typed.object,
    kind: typed.kind,
    procedure: '',
    reason: typed.reason.trim(),
    facts,
    state: byList ? '' : typed.state,
    departments: byList ? [] : typed.departments,
    item_type: byList || typed.object === 'department' ? '' : typed.item_type,
    q: byList ? '' : typed.q.trim(),
    codes: byList ? codesOf(typed.list) : [],
    without,
  } as CampaignBody
}
