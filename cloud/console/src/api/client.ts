import { problemFrom, unreachable } from './problem'

/** Called on every 401 outside the sign-in itself. */
let onSignedOut: () => void = () => {}
export const whenSignedOut = (act: () => void) => { onSignedOut = act }

let clockOffset = 0

/** Milliseconds since the epoch on the server's clock: a wall screen's own may be minutes off. */
export const serverNow = () => Date.now() + clockOffset

function noteClock(response: Response) {
  const date = Date.parse(response.headers.get('date') ?? '')
  const offset = date - Date.now()
  // The Date header has whole seconds, so a small difference says nothing.
  if (Number.isFinite(offset)) clockOffset = Math.abs(offset) > 3000 ? offset : 0
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw unreachable()
  }
  noteClock(response)
  if (response.ok) return response
  const problem = await problemFrom(response)
  if (problem.signedOut) onSignedOut()
  throw problem
}

export async function get<T>(path: string, query: Record<string, string> = {}, signal?: AbortSignal): Promise<T> {
  const search = new URLSearchParams(query).toString()
  const response = await request(search ? `${path}?${search}` : path, { signal: signal ?? null })
  return (await response.json()) as T
}

export function send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Response> {
  return request(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
}

/** As `send`, where the server answers with JSON. */
export async function sendFor<T>(method: 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown): Promise<T> {
  return (await (await send(method, path, body)).json()) as T
}
