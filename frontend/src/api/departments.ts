/** The roster of departments, everything of one, and what the center provides to it. */
import { get, ifMatch, post, put } from './client'
import { problemOf } from './problem'
import { sessionFetch, sessionUpload } from './transport'
import type {
  Key,
  Page,
  RosterCenters,
  RosterFigures,
  RosterRow,
  SupportChange,
  SupportLine,
  SupportTemplate,
  SupportTemplateLine,
  WholeDepartment,
} from './types'
import type { ListQuery } from '@/composables/listState'

const ONE = '/api/departments/roster/{provision_id}'
const LIST = '/api/support/{provision_id}'
const of = (provision: Key) => ({ provision_id: provision })
/** What the server says of departments is in words of its own (see types). */
const plain = <T>(answer: Promise<unknown>) => answer as Promise<T>

export const roster = (center: Key | undefined, query: ListQuery) =>
  plain<Page<RosterRow>>(
    center
      ? get('/api/departments/roster/of/{center_id}', { path: { center_id: center }, query })
      : get('/api/departments/roster', { query }),
  )
export const rosterFigures = (center: Key | undefined) =>
  plain<RosterFigures>(
    center
      ? get('/api/departments/roster/of/{center_id}/figures', { path: { center_id: center } })
      : get('/api/departments/roster/figures'),
  )
export const department = (center: Key | undefined, provision: Key) =>
  plain<WholeDepartment>(
    center
      ? get('/api/departments/roster/of/{center_id}/{provision_id}', { path: { center_id: center, ...of(provision) } })
      : get(ONE, { path: of(provision) }),
  )
export const rosterCenters = (query: ListQuery) =>
  plain<RosterCenters>(get('/api/departments/roster/centers', { query }))

export interface Leaving {
  windows: number
  departments: number
  items: number
}
export const previewLeaving = (provision: Key, day: string) =>
  plain<Leaving>(get(`${ONE}/windows/leaving`, { path: of(provision), query: { day } }))
export const leaveWindows = (provision: Key, day: string) =>
  plain<WholeDepartment>(post(`${ONE}/windows/leaving`, { path: of(provision), body: { day } }))

/** What is said of a rule of evaluation that is attached. */
export interface RuleSaid {
  name: string
  number: string
  valid_from: string | null
  valid_until: string | null
  for_all: boolean
}
const rules = (provision: Key) => `/api/departments/roster/${provision}/rules`
async function answered(response: Response): Promise<Response> {
  if (response.ok) return response
  throw await problemOf(response)
}
export async function attachRule(
  provision: Key,
  said: RuleSaid,
  file: File,
  gone: (share: number) => void,
): Promise<WholeDepartment> {
  const form = new FormData()
  for (const [name, value] of Object.entries(said)) if (value) form.append(name, String(value))
  form.append('file', file)
  const response = await answered(await sessionUpload(rules(provision), form, gone))
  return (await response.json()) as WholeDepartment
}
export async function ruleContent(provision: Key, rule: number): Promise<Blob> {
  const address = new URL(`${rules(provision)}/${rule}/content`, location.origin)
  return (await answered(await sessionFetch(new Request(address)))).blob()
}
export const withdrawRule = (provision: Key, rule: number) =>
  plain<WholeDepartment>(post(`${ONE}/rules/{rule_id}/withdrawal`, { path: { ...of(provision), rule_id: rule } }))

type Lines = Promise<{ rows: SupportLine[] }>
export interface SupportMark {
  ids: number[]
  day: string
  by?: string
  remark?: string
}
export const supportTemplate = () => plain<SupportTemplate>(get('/api/support/template'))
export const setSupportTemplate = (version: number, lines: SupportTemplateLine[]) =>
  plain<SupportTemplate>(put('/api/support/template', { body: { lines }, headers: ifMatch(version) }))
export const beginList = (provision: Key): Lines => plain(post(LIST, { path: of(provision) }))
export const addSupport = (provision: Key, body: SupportTemplateLine): Lines =>
  plain(post(`${LIST}/lines`, { path: of(provision), body }))
export const changeSupport = (provision: Key, line: SupportLine, body: SupportChange): Lines =>
  plain(
    put(`${LIST}/lines/{line_id}`, {
      path: { ...of(provision), line_id: line.id },
      body,
      headers: ifMatch(line.version),
    }),
  )
export const provideSupport = (provision: Key, body: SupportMark): Lines =>
  plain(post(`${LIST}/provision`, { path: of(provision), body }))
export const returnSupport = (provision: Key, body: SupportMark): Lines =>
  plain(post(`${LIST}/return`, { path: of(provision), body }))
