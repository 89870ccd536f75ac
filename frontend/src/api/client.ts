/** One function per verb over openapi-fetch; each returns the body or throws a Problem. */
import createClient from 'openapi-fetch'
import { Problem, unreachable, type ProblemBody } from './problem'
import { sessionFetch } from './transport'

type Query = Record<string, string | number | boolean | undefined | null>

export interface Options {
  path?: Record<string, string | number>
  query?: Query
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

// Paths are templates of the OpenAPI document; a test compares those used with those offered.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const client = createClient<any>({ baseUrl: globalThis.location?.origin ?? '', fetch: sessionFetch })

function cleaned(query: Query = {}): Query {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value != null && value !== ''))
}

async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const { data, error, response } = await client.request(method.toLowerCase() as 'get', path as never, {
    params: { path: options.path, query: cleaned(options.query) },
    body: options.body as never,
    headers: options.headers,
    signal: options.signal,
  } as never)
  if (response.ok) return data as T
  throw asRefusal(error, response.status)
}

function asRefusal(body: unknown, status: number): Problem {
  const said = body !== null && typeof body === 'object' && 'code' in body
  if (said) return new Problem(body as ProblemBody, status)
  return status >= 500 ? unreachable() : new Problem({ code: 'broken', detail: `HTTP ${status}` }, status)
}

export const get = <T>(path: string, options?: Options) => call<T>('GET', path, options)
export const post = <T>(path: string, options?: Options) => call<T>('POST', path, options)
export const put = <T>(path: string, options?: Options) => call<T>('PUT', path, options)
export const patch = <T>(path: string, options?: Options) => call<T>('PATCH', path, options)
export const remove = <T>(path: string, options?: Options) => call<T>('DELETE', path, options)

/** The header that makes a write fail when somebody else has saved in between. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })
