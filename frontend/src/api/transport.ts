/**
 * The way every request takes: language, CSRF token, and the session's end. When the session has
 * ended during work, the request waits until the person has signed in again and is then repeated.
 */
import { problemOf, unreachable } from './problem'

export interface SessionHooks {
  language: () => string
  csrfToken: () => string | null
  /** Resolves when the person has signed in again; null where nobody was signed in. */
  signInAgain: (() => Promise<void>) | null
  refreshToken: () => Promise<void>
  passwordMustChange: () => void
}

let hooks: SessionHooks = {
  language: () => 'zh-CN',
  csrfToken: () => null,
  signInAgain: null,
  refreshToken: async () => {},
  passwordMustChange: () => {},
}

export function useSessionHooks(next: Partial<SessionHooks>): void {
  hooks = { ...hooks, ...next }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

async function send(request: Request): Promise<Response> {
  const prepared = request.clone()
  prepared.headers.set('Accept-Language', hooks.language())
  const token = hooks.csrfToken()
  if (token && !SAFE.has(request.method)) prepared.headers.set('X-CSRF-Token', token)
  try {
    return await fetch(prepared)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unreachable()
  }
}

async function codeOf(response: Response): Promise<string> {
  return (await problemOf(response.clone())).code
}

export async function sessionFetch(request: Request): Promise<Response> {
  const response = await send(request)
  if (response.status !== 401 && response.status !== 403) return response
  const code = await codeOf(response)
  if (code === 'not_signed_in' && hooks.signInAgain) {
    await hooks.signInAgain()
    return send(request)
  }
  if (code === 'csrf') {
    await hooks.refreshToken()
    return send(request)
  }
  if (code === 'password_change_required') hooks.passwordMustChange()
  return response
}
