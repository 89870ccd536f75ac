/** Documents of cases, of the own center or one below that somebody signs in: files go and come as they are. */
import { get, post } from './client'
import { problemOf } from './problem'
import { sessionFetch, sessionUpload } from './transport'
import type { Case, Key } from './types'
import type { ListQuery } from '@/composables/listState'

/** Which case: with a center where it is one of a center below. */
export interface CaseKey {
  id: Key
  center?: Key
}
/** What is said of a file that is attached. */
export interface Said {
  step: string
  name: string
  number: string
  valid_from: string | null
  valid_until: string | null
}

const base = ({ id, center }: CaseKey) => (center ? `/api/consents/${center}/${id}` : `/api/cases/${id}`)

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response
  throw await problemOf(response)
}
const fetched = async (path: string) =>
  (await answered(await sessionFetch(new Request(new URL(path, location.origin))))).blob()

export async function attach(key: CaseKey, said: Said, file: File, gone: (share: number) => void): Promise<Case> {
  const form = new FormData()
  for (const [name, value] of Object.entries(said)) if (value) form.append(name, value)
  form.append('file', file)
  const response = await answered(await sessionUpload(`${base(key)}/documents`, form, gone))
  return (await response.json()) as Case
}
export const content = (key: CaseKey, document: number) => fetched(`${base(key)}/documents/${document}/content`)
export const printed = (id: Key, form: string) => fetched(`/api/cases/${id}/prints/${form}`)

export const withdraw = ({ id, center }: CaseKey, document: number): Promise<Case> =>
  center
    ? post('/api/consents/{center_id}/{case_id}/documents/{document_id}/withdrawal', {
        path: { center_id: center, case_id: id, document_id: document },
      })
    : post('/api/cases/{case_id}/documents/{document_id}/withdrawal', { path: { case_id: id, document_id: document } })
export const prints = async (id: Key) => (await get('/api/cases/{case_id}/prints', { path: { case_id: id } })).rows
export const issue = (id: Key, form: string): Promise<Case> =>
  post('/api/cases/{case_id}/prints/{form}/attachment', { path: { case_id: id, form } })
export const documents = (query: ListQuery) => get('/api/documents', { query })
