import { afterEach, describe, expect, it, vi } from 'vitest'
import { get, send, whenSignedOut } from './client'
import { cloud } from './cloud'
import { ApiProblem, messageKey } from './problem'
import en from '../locales/en'
import zh from '../locales/zh'

const answers = (status: number, body?: unknown, type = 'application/problem+json') =>
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'content-type': type } }))))

async function failure(act: Promise<unknown>): Promise<ApiProblem> {
  try {
    await act
  } catch (error) {
    if (error instanceof ApiProblem) return error
  }
  throw new Error('it did not fail')
}

const known = (messages: { problem: object }) => (key: string) => key.slice('problem.'.length) in messages.problem

afterEach(() => { vi.unstubAllGlobals(); whenSignedOut(() => {}) })

describe('the API client', () => {
  it('takes code and detail from problem+json', async () => {
    answers(503, { code: 'store-unavailable', detail: 'Start it.' })
    expect(await failure(get('/x'))).toMatchObject({ status: 503, code: 'store_unavailable', detail: 'Start it.' })
  })

  it('makes do with an answer that is no problem+json', async () => {
    answers(502, '<html>Bad Gateway</html>', 'text/html')
    expect(await failure(get('/x'))).toMatchObject({ status: 502, code: 'unavailable', detail: null })
  })

  it('says when nobody answers', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('Failed to fetch'))))
    expect(await failure(get('/x'))).toMatchObject({ status: 0, code: 'unreachable' })
  })

  it('tells of a sign-in that ended, but not of a wrong code', async () => {
    const signedOut = vi.fn()
    whenSignedOut(signedOut)
    answers(401, { code: 'wrong-password' })
    await failure(send('POST', '/api/v1/session', { name: 'li', password: 'x' }))
    expect(signedOut).not.toHaveBeenCalled()
    answers(401, { code: 'not-signed-in' })
    await failure(get('/x'))
    expect(signedOut).toHaveBeenCalledOnce()
  })

  it('asks for footfall with instants that have an offset', async () => {
    answers(200, { zones: [] }, 'application/json')
    await cloud.zoneFootfall(1_781_265_600, 1_781_266_500, '15m')
    expect(vi.mocked(fetch).mock.calls[0]![0]).toBe('/api/v1/footfall/zones?from=2026-06-12T12%3A00%3A00.000Z&to=2026-06-12T12%3A15%3A00.000Z&bucket=15m')
  })
})

describe('the words for a problem', () => {
  it.each([[0, 'unreachable'], [401, 'not_signed_in'], [403, 'forbidden'], [404, 'not_found'], [429, 'too_many_attempts'], [500, 'unavailable'], [503, 'unavailable'], [400, 'refused'], [418, 'refused']])(
    'of status %i with an unknown code are those of %s, in both languages', (status, kind) => {
      for (const messages of [zh, en]) {
        expect(messageKey(new ApiProblem(status, 'never_heard_of'), known(messages))).toBe(`problem.${kind}`)
        expect(messages.problem).toHaveProperty(kind)
      }
    })

  it('of a known code are its own', () =>
    expect(messageKey(new ApiProblem(503, 'store_unavailable'), known(zh))).toBe('problem.store_unavailable'))
})
