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

function headersFor(method: string): Record<string, string> {
  const token = hooks.csrfToken()
  const changing = token && !SAFE.has(method)
  return { 'Accept-Language': hooks.language(), ...(changing ? { 'X-CSRF-Token': token } : {}) }
}

async function send(request: Request): Promise<Response> {
  const prepared = request.clone()
  for (const [name, value] of Object.entries(headersFor(request.method))) prepared.headers.set(name, value)
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

async function inSession(once: () => Promise<Response>): Promise<Response> {
  const response = await once()
  if (response.status !== 401 && response.status !== 403) return response
  const code = await codeOf(response)
  if (code === 'not_signed_in' && hooks.signInAgain) {
    await hooks.signInAgain()
    return once()
  }
  if (code === 'csrf') {
    await hooks.refreshToken()
    return once()
  }
  if (code === 'password_change_required') hooks.passwordMustChange()
  return response
}

export const sessionFetch = (request: Request): Promise<Response> => inSession(() => send(request))

/** Only this older way to send says how much of a file has gone. */
function sendForm(address: string, body: FormData, gone: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', address)
    for (const [name, value] of Object.entries(headersFor('POST'))) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => event.lengthComputable && gone(event.loaded / event.total)
    request.onerror = () => reject(unreachable())
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }))
    request.send(body)
  })
}

/** Sends a form with a file in it, and says on the way which share of it has gone. */
export const sessionUpload = (address: string, body: FormData, gone: (share: number) => void): Promise<Response> =>
  inSession(() => sendForm(address, body, gone))
