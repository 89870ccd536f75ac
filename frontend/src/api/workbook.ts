/** The round trip of a draft through Excel: files go and come as they are. */
import { problemOf } from './problem'
import { sessionFetch } from './transport'
import type { Key, WorkbookResult } from './types'

const address = (id: Key, end = '') => new URL(`/api/editions/${id}/workbook${end}`, location.origin)

async function answered(request: Request): Promise<Response> {
  const response = await sessionFetch(request)
  if (response.ok) return response
  throw await problemOf(response)
}

function sent(id: Key, end: string, file: File): Promise<Response> {
  const body = new FormData()
  body.append('file', file)
  return answered(new Request(address(id, end), { method: 'POST', body }))
}

const result = async (response: Response) => (await response.json()) as WorkbookResult

export const download = async (id: Key) => (await answered(new Request(address(id)))).blob()
export const preview = async (id: Key, file: File) => result(await sent(id, '/preview', file))
export const apply = async (id: Key, file: File) => result(await sent(id, '/application', file))
export const refusals = async (id: Key, file: File) => (await sent(id, '/refusals', file)).blob()
