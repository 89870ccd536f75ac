import { beforeEach, expect, test, vi } from 'vitest'
import { get, post } from '@/api/client'
import { Problem } from '@/api/problem'
import { useSessionHooks } from '@/api/transport'
import { answer, refusal } from './support'

let token = 'old'
const sent: Request[] = []

function answering(...answers: (() => Response)[]): void {
  const queue = [...answers]
  vi.stubGlobal(
    'fetch',
    vi.fn(async (request: Request) => {
      sent.push(request)
      return queue.shift()!()
    }),
  )
}

beforeEach(() => {
  sent.length = 0
  token = 'old'
  useSessionHooks({
    language: () => 'zh-CN',
    csrfToken: () => token,
    signInAgain: null,
    refreshToken: async () => {
      token = 'new'
    },
  })
})

test('a write carries the token and the language, a read only the language', async () => {
  answering(
    () => answer({ rows: [] }),
    () => answer({ settled: 1 }),
  )
  await get('/api/kinds')
  await post('/api/conflicts/settlements', { body: { ids: 'all', take: 'standard' } })
  expect(sent.map((request) => request.headers.get('X-CSRF-Token'))).toEqual([null, 'old'])
  expect(sent[0]!.headers.get('Accept-Language')).toBe('zh-CN')
})

test('when the session has ended the write waits for the person and is sent again, whole', async () => {
  answering(
    () => refusal('not_signed_in', 401),
    () => answer({ settled: 4 }),
  )
  useSessionHooks({
    signInAgain: async () => {
      token = 'after'
    },
  })
  const result = await post('/api/conflicts/settlements', { body: { ids: [1, 2], take: 'standard' } })
  expect(result).toEqual({ settled: 4 })
  expect(sent[1]!.headers.get('X-CSRF-Token')).toBe('after')
  expect(await sent[1]!.json()).toEqual({ ids: [1, 2], take: 'standard' })
})

test('an old token is renewed and the write repeated once', async () => {
  answering(
    () => refusal('csrf', 403),
    () => answer({ settled: 0 }),
  )
  await post('/api/conflicts/settlements', { body: { ids: 'all', take: 'standard' } })
  expect(sent[1]!.headers.get('X-CSRF-Token')).toBe('new')
})

test('a refusal becomes a problem with its fields', async () => {
  answering(() =>
    refusal('invalid', 422, { errors: [{ field: 'local.fee', message: '太高', value: 9, rule: 'at_most' }] }),
  )
  const problem = await get('/api/kinds').catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(Problem)
  expect((problem as Problem).errors[0]?.field).toBe('local.fee')
})

test('no answer at all, and an answer that is none of ours, are both told plainly', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => {
      throw new TypeError('failed')
    }),
  )
  expect(((await get('/api/kinds').catch((error: unknown) => error)) as Problem).code).toBe('unavailable')
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response('<html>Bad gateway</html>', { status: 502 })),
  )
  expect(((await get('/api/kinds').catch((error: unknown) => error)) as Problem).code).toBe('unavailable')
})

test('empty filters are not sent', async () => {
  answering(() => answer({ rows: [], total: 0, page: 1, per_page: 20 }))
  await get('/api/conflicts', { query: { q: '', kind: undefined, page: 2 } })
  expect(new URL(sent[0]!.url).search).toBe('?page=2')
})
