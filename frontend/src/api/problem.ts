/** What the server (or the way to it) refused, in the words of application/problem+json. */

export interface FieldError {
  field: string
  message: string
  value?: unknown
  rule?: string
}

export interface ProblemBody {
  code: string
  title?: string
  status?: number
  detail?: string
  errors?: FieldError[]
  [extra: string]: unknown
}

export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly errors: FieldError[]
  readonly body: ProblemBody

  constructor(body: ProblemBody, status: number) {
    super(body.detail || body.title || body.code)
    this.code = body.code
    this.status = status
    this.title = body.title ?? ''
    this.detail = body.detail ?? ''
    this.errors = body.errors ?? []
    this.body = body
  }
}

/** Nothing answered, or something that is no answer of ours (a proxy's page, a broken body). */
export function unreachable(): Problem {
  return new Problem({ code: 'unavailable' }, 503)
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  console.error(error)
  return new Problem({ code: 'broken', detail: error instanceof Error ? error.message : String(error) }, 0)
}

export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<ProblemBody>
    if (typeof body.code === 'string') return new Problem(body as ProblemBody, response.status)
  } catch {
    // No JSON: told apart by the status alone.
  }
  return new Problem({ code: response.status >= 500 ? 'unavailable' : 'broken' }, response.status)
}
