/** One function per verb over openapi-fetch; each returns the body or throws a Problem. */
import createClient from 'openapi-fetch'
import { Problem, unreachable, type ProblemBody } from './problem'
import type { Refined } from './refine'
import type { paths } from './schema'
import { sessionFetch } from './transport'

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
type PathsWith<V extends Verb> = { [P in keyof paths]: paths[P][V] extends object ? P : never }[keyof paths]
type Operation<P extends keyof paths, V extends Verb> = NonNullable<paths[P][V]>
type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : void
type Good<R> = R extends { 200: infer T } ? T : R extends { 201: infer T } ? T : R extends { 202: infer T } ? T : never
type Answer<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { responses: infer R } ? Refined<Json<Good<R>>> : never
type Given<P extends keyof paths, V extends Verb> = Operation<P, V> extends { requestBody: infer B } ? Json<B> : never

export interface Options<Body = never> {
  path?: Record<string, string | number>
  query?: Record<string, string | number | boolean | undefined | null>
  body?: Body
  headers?: Record<string, string>
  signal?: AbortSignal
}

const client = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: sessionFetch })

function cleaned(query: Options['query'] = {}): Options['query'] {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value != null && value !== ''))
}

function asRefusal(body: unknown, status: number): Problem {
  const said = body !== null && typeof body === 'object' && 'code' in body
  if (said) return new Problem(body as ProblemBody, status)
  return status >= 500 ? unreachable() : new Problem({ code: 'broken', detail: `HTTP ${status}` }, status)
}

// Which members a path has is checked where the verbs below are called; openapi-fetch need not check again.
async function call(verb: Verb, path: string, options: Options<unknown> = {}): Promise<unknown> {
  const { path: parts, query, ...rest } = options
  const { data, error, response } = await client.request(
    verb,
    path as never,
    {
      params: { path: parts, query: cleaned(query) },
      ...rest,
    } as never,
  )
  if (response.ok) return data
  throw asRefusal(error, response.status)
}

const verb =
  <V extends Verb>(name: V) =>
  <P extends PathsWith<V>>(path: P, options?: Options<Given<P, V>>) =>
    call(name, path, options) as Promise<Answer<P, V>>

export const get = verb('get')
export const post = verb('post')
export const put = verb('put')
export const patch = verb('patch')
export const remove = verb('delete')

/** For what a page asks by itself: it does not keep the session of an absent person alive. */
export const unattended = { 'X-Unattended': '1' }

/** The header that makes a write fail when somebody else has saved in between. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })
