import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { alarmsApi, alarmsEvent } from './alarms.ts'
import { assetsApi, carts, kiosks, lockers } from './assets.ts'
import { calendar } from './calendar.ts'
import { now } from './clock.ts'
import { devicesApi } from './devices.ts'
import { district, floorPlan, lines, plans, zoneIds, zones } from './district.ts'
import { devices, heatmap, lineSeries, liveZone, noise, series, total } from './footfall.ts'

/** What the mock plays: set with `?scenario=` on /mock, kept until the next one. */
type Scenario = 'normal' | 'empty' | 'away' | 'broken'
const PASSWORD = 'harbour-2026'
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"

let scenario: Scenario = 'normal'
const streams = new Set<ServerResponse>()

function json(res: ServerResponse, body: unknown, status = 200, type = 'application/json') {
  res.statusCode = status
  res.setHeader('content-type', type)
  res.end(JSON.stringify(body))
}

const problem = (res: ServerResponse, status: number, code: string, detail: string) =>
  json(res, { type: 'about:blank', title: code, status, code, detail }, status, 'application/problem+json')

async function read(req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of req) text += String(chunk)
  return text
}

function live(res: ServerResponse) {
  if (scenario === 'away') return problem(res, 503, 'store-unavailable', 'InfluxDB does not answer at its address. Check that it runs.')
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  streams.add(res)
  const send = (event: string, chosen: number[]) => {
    const at = now()
    const body = { at, zones: chosen.flatMap(i => liveZone(i, at) ?? []), devices: [] }
    res.write(`event: ${event}\ndata: ${JSON.stringify(body)}\n\n`)
  }
  send('snapshot', scenario === 'empty' ? [] : zoneIds.map((_, i) => i))
  const tell = () => res.write(`event: alarms\ndata: ${JSON.stringify(alarmsEvent(scenario === 'empty'))}\n\n`)
  const tellAll = () => {
    const empty = scenario === 'empty'
    for (const [event, body] of [['lockers', lockers(empty)], ['kiosks', kiosks(empty)], ['carts', carts(empty)]] as const) res.write(`event: ${event}\ndata: ${JSON.stringify(body)}\n\n`)
  }
  tell()
  tellAll()
  let tick = 0
  const timer = setInterval(() => {
    tick++
    if (tick % 4 === 0) { tell(); tellAll() }
    if (scenario !== 'empty') send('zones', zoneIds.map((_, i) => i).filter(i => noise(i, tick) < 0.12))
  }, 500)
  res.on('close', () => { clearInterval(timer); streams.delete(res) })
}

async function answer(req: IncomingMessage, res: ServerResponse, next: () => void, strict: boolean) {
  const url = new URL(req.url ?? '/', 'http://mock')
  res.setHeader('date', new Date(now()).toUTCString())
  if (strict) res.setHeader('content-security-policy', POLICY)
  if (url.pathname === '/mock') {
    scenario = (url.searchParams.get('scenario') ?? 'normal') as Scenario
    for (const stream of streams) stream.end()
    return json(res, { scenario })
  }
  if (!url.pathname.startsWith('/api/v1/')) return next()
  if (url.pathname === '/api/v1/session' && req.method === 'POST') {
    const { password } = JSON.parse(await read(req)) as { password: string }
    if (password !== PASSWORD) return problem(res, 401, 'wrong-password', 'Name and password do not belong together.')
    res.setHeader('set-cookie', 'session=mock; HttpOnly; SameSite=Strict; Path=/')
    res.statusCode = 204
    return res.end()
  }
  if (url.pathname === '/api/v1/session/ways') return json(res, { setUp: false, openId: null })
  if (!req.headers.cookie?.includes('session=mock')) return problem(res, 401, 'not-signed-in', 'Sign in first.')
  if (url.pathname.startsWith('/api/v1/alarms')) {
    if (scenario === 'away') return problem(res, 503, 'store-unavailable', 'The state file cannot be read.')
    const said = alarmsApi(req.method ?? 'GET', url, await read(req), scenario === 'empty')
    if (!said) return problem(res, 404, 'alarm-unknown', 'There is no such alarm.')
    if (said.body !== undefined) return json(res, said.body, said.status)
    res.statusCode = said.status
    return res.end()
  }
  const asset = assetsApi(url.pathname)
  if (asset) return json(res, asset)
  const said = req.method === 'GET' ? devicesApi(url, scenario === 'empty') : undefined
  if (said !== undefined) return json(res, said)
  switch (url.pathname) {
    case '/api/v1/session':
      if (req.method === 'DELETE') {
        res.setHeader('set-cookie', 'session=; Max-Age=0; Path=/')
        res.statusCode = 204
        return res.end()
      }
      return json(res, { name: 'lin', displayName: 'Lin', role: 'administrator', person: 1, openId: false })
    case '/api/v1/district':
      if (scenario === 'broken') return problem(res, 503, 'store-unavailable', 'InfluxDB at influx.example:8086 refused the connection. Start it or mend Cloud:Influx:Url.')
      return json(res, district)
    case '/api/v1/zones':
      return json(res, zones, 200, 'application/geo+json')
    case '/api/v1/lines':
      return json(res, lines, 200, 'application/geo+json')
    case '/api/v1/footfall/zones': {
      const from = Date.parse(url.searchParams.get('from') ?? '') / 1000
      const to = Date.parse(url.searchParams.get('to') ?? '') / 1000
      const bucketSeconds = { '1m': 60, '15m': 900, '1h': 3600 }[url.searchParams.get('bucket') ?? '15m'] ?? 900
      return json(res, {
        bucket: url.searchParams.get('bucket'), bucketSeconds,
        from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString(),
        ...series(from, to, bucketSeconds, scenario === 'empty'),
      })
    }
    case '/api/v1/footfall/heatmap':
    case '/api/v1/footfall/total': {
      const [from, to] = ['from', 'to'].map(key => Date.parse(url.searchParams.get(key) ?? '') / 1000) as [number, number]
      const answer = url.pathname.endsWith('total') ? total : heatmap
      return json(res, answer(from, to, url.searchParams.get('bucket') ?? '15m', (url.searchParams.get('measure') ?? 'entries') as 'entries', url.searchParams.getAll('zone'), scenario === 'empty'))
    }
    case '/api/v1/footfall/lines': {
      const [from, to] = ['from', 'to'].map(key => Date.parse(url.searchParams.get(key) ?? '') / 1000) as [number, number]
      return json(res, lineSeries(from, to, url.searchParams.get('bucket') ?? '15m'))
    }
    case '/api/v1/devices':
      return json(res, devices())
    case '/api/v1/plans':
      return json(res, plans)
    case '/api/v1/plans/upper':
      return json(res, floorPlan, 200, 'application/geo+json')
    case '/api/v1/calendar': {
      if (req.method === 'POST') return json(res, calendar.add(JSON.parse(await read(req)) as never), 201)
      return json(res, calendar.between(url.searchParams.get('from') ?? '', url.searchParams.get('to') ?? ''))
    }
    case '/api/v1/live':
      return live(res)
    default:
      if (req.method === 'DELETE' && url.pathname.startsWith('/api/v1/calendar/')) {
        calendar.remove(Number(url.pathname.split('/').at(-1)))
        res.statusCode = 204
        return res.end()
      }
      return problem(res, 404, 'not-found', 'No such address.')
  }
}

/** A deterministic cloud inside Vite's own server, for `--mode mock`. */
export function mockCloud(): Plugin {
  const handler = (strict: boolean) => (req: IncomingMessage, res: ServerResponse, next: () => void) => void answer(req, res, next, strict)
  return {
    name: 'mock-cloud',
    // Vite's own reload script is inline, so only the built console runs under the policy.
    configureServer: server => void server.middlewares.use(handler(false)),
    configurePreviewServer: server => void server.middlewares.use(handler(true)),
  }
}
