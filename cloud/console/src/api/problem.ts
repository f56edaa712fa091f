/** A refused or failed request, with what the server's problem+json (RFC 9457) said of it. */
export class ApiProblem extends Error {
  constructor(
    /** HTTP status, 0 when no answer came. */
    readonly status: number,
    /** Stable code for translation. */
    readonly code: string,
    /** The server's own words on what is wrong and how to mend it. */
    readonly detail: string | null = null,
  ) {
    super(`${status} ${code}`)
    this.name = 'ApiProblem'
  }

  get signedOut(): boolean {
    return this.status === 401 && this.code !== 'wrong_password' && this.code !== 'unknown_code'
  }
}

/** The API writes `wrong-password`; a resource key cannot have the hyphen. */
export const normalize = (code: string) => code.replaceAll('-', '_').toLowerCase()

function codeOfStatus(status: number): string {
  if (status === 0) return 'unreachable'
  if (status === 401) return 'not_signed_in'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 429) return 'too_many_attempts'
  if (status >= 500) return 'unavailable'
  return 'refused'
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  const body: unknown = response.headers.get('content-type')?.includes('json') ? await response.json().catch(() => null) : null
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown }
  return new ApiProblem(
    response.status,
    typeof code === 'string' && code ? normalize(code) : codeOfStatus(response.status),
    typeof detail === 'string' ? detail : null,
  )
}

export const unreachable = () => new ApiProblem(0, 'unreachable')

/** The resource key of a problem's message: its own code if we have words for it, else that of its kind. */
export function messageKey(problem: ApiProblem, known: (key: string) => boolean): string {
  const own = `problem.${problem.code}`
  return known(own) ? own : `problem.${codeOfStatus(problem.status)}`
}
