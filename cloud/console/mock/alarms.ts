import { now } from './clock.ts'
import { zones } from './district.ts'

const MINUTE = 60_000
const me = 'li'

/** What happened while the mock ran: acknowledged, assigned, muted and commented by the visitor. */
const acts = new Map<number, { what: string; text: string | null; at: number }[]>()

function subject(sort: string, id: string, zh: string, en: string, gateway: string | null = null) {
  return { sort, id, name: { zh, en }, gateway, place: sort === 'device' ? { zh: '滨江大道北口', en: 'Riverside Avenue north' } : null }
}

function alarm(id: number, kind: string, severity: string, ago: number, about: ReturnType<typeof subject>, of: object = {}) {
  const done = acts.get(id) ?? []
  const last = (what: string) => done.findLast(each => each.what === what)
  const seen = last('acknowledged')
  const mute = done.findLast(each => each.what === 'muted' || each.what === 'unmuted')
  return {
    id, kind, severity, subject: about, since: now() - ago * MINUTE, raised: now() - ago * MINUTE + 30_000, cleared: null,
    figure: null, threshold: null, worst: null, unit: '', detail: null, trust: null,
    acknowledged: seen ? { at: seen.at, by: me } : null, assignee: last('assigned')?.text ?? null,
    mute: mute?.what === 'muted' ? { until: Number(mute.text), by: me } : null,
    cause: null, consequences: 0, comments: done.filter(each => each.what === 'commented').length, ...of,
  }
}

const zone = (i: number) => { const { id, properties } = zones.features[i] as { id: string; properties: { name: { zh: string; en: string } } }; return subject('zone', String(id), properties.name.zh, properties.name.en) }
const gateway = (n: number) => subject('gateway', `gw-${n}`, `${n} 号网关`, `Gateway ${n}`)
const device = (n: number, gw = 1) => subject('device', `cam-${n}`, `cam-${n}`, `cam-${n}`, `gw-${gw}`)
const silent = (n: number) => alarm(1000 + n, 'silent_device', 'warning', 22, device(n, 3), { figure: 1320, threshold: 900, unit: 's', cause: { id: 2, kind: 'silent_gateway', subject: gateway(3), cleared: null } })

const open = () => [
  alarm(1, 'density', 'critical', 4, zone(3), { figure: 3.92, threshold: 3.57, worst: 4.1, unit: 'people/m2', detail: 'F', trust: 'provisional' }),
  alarm(7, 'locker_forced', 'critical', 2, subject('locker', 'lk-metro', '地铁站智能柜', 'Metro locker', 'gw-1'), { detail: '7' }),
  alarm(2, 'silent_gateway', 'critical', 22, gateway(3), { figure: 1320, threshold: 180, unit: 's', consequences: 400 }),
  alarm(3, 'occupancy', 'warning', 12, zone(8), { figure: 94, threshold: 90, worst: 97, unit: '%', trust: 'partial' }),
  alarm(4, 'sensor', 'warning', 190, device(17), { detail: 'no_exits' }),
  alarm(7, 'battery', 'warning', 260, subject('device', 'cam-z16', 'cam-z16', 'cam-z16', 'gw-1'), { figure: 12, threshold: 20, worst: 12, unit: '%' }),
  alarm(5, 'backlog', 'warning', 31, gateway(2), { figure: 48_210, threshold: 20_000, worst: 52_000, unit: 'points' }),
  alarm(6, 'clock', 'warning', 1500, gateway(1)),
  ...Array.from({ length: 9 }, (_, i) => alarm(20 + i, 'silent_device', 'warning', 40 + i, device(40 + i), { figure: (40 + i) * 60, threshold: 900, unit: 's' })),
]
const past = () => [
  alarm(14, 'density', 'critical', 300, zone(5), { figure: 3.6, threshold: 3.57, worst: 4.4, unit: 'people/m2', detail: 'F', trust: 'complete', cleared: now() - 281 * MINUTE }),
  alarm(13, 'disk', 'warning', 2900, gateway(2), { figure: 940, threshold: 1000, worst: 610, unit: 'MB', cleared: now() - 2500 * MINUTE }),
  alarm(12, 'store', 'critical', 5000, subject('district', 'harbour', '海港商圈', 'Harbour District'), { detail: 'influx-unreachable', cleared: now() - 4950 * MINUTE }),
]

/** The data of the live stream's event alarms. */
export function alarmsEvent(empty: boolean) {
  const all = empty ? [] : open().filter(each => !each.mute)
  return {
    at: now(), critical: all.filter(each => each.severity === 'critical').length, warning: all.filter(each => each.severity === 'warning').length,
    unacknowledged: all.filter(each => !each.acknowledged).length,
    marks: all.map(each => ({ id: each.id, kind: each.kind, sort: each.subject.sort, subject: each.subject.id, severity: each.severity, acknowledged: !!each.acknowledged })),
  }
}

const note = (id: number, what: string, text: string | null = null) => acts.set(id, [...(acts.get(id) ?? []), { what, text, at: now() }])

const rules = () => [
  ['density', 'zone', 'above', 'people/m2', 20, { warning: 2.15, critical: 3.57, hysteresis: 0.2, holdSeconds: 30, clearSeconds: 120 }],
  ['occupancy', 'zone', 'above', '%', 1000, { warning: 90, critical: 100, hysteresis: 5, holdSeconds: 30, clearSeconds: 120 }],
  ['store', 'district', 'state', '', 1, { critical: 1, hysteresis: 0, holdSeconds: 60, clearSeconds: 30 }],
  ['silent_gateway', 'gateway', 'above', 's', 604_800, { critical: 180, hysteresis: 0, holdSeconds: 0, clearSeconds: 30 }],
  ['silent_device', 'device', 'above', 's', 604_800, { warning: 900, hysteresis: 0, holdSeconds: 0, clearSeconds: 30 }],
  ['sensor', 'device', 'state', '', 1, { warning: 1, hysteresis: 0, holdSeconds: 0, clearSeconds: 60 }],
  ['battery', 'device', 'below', '%', 100, { warning: 20, critical: 5, hysteresis: 5, holdSeconds: 600, clearSeconds: 600 }],
  ['clock', 'gateway', 'state', '', 1, { warning: 1, hysteresis: 0, holdSeconds: 300, clearSeconds: 60, on: false }],
  ['backlog', 'gateway', 'above', 'points', 1e8, { warning: 20_000, hysteresis: 5000, holdSeconds: 300, clearSeconds: 300 }],
  ['runway', 'gateway', 'below', 'h', 1e5, { warning: 12, critical: 2, hysteresis: 1, holdSeconds: 300, clearSeconds: 300 }],
  ['disk', 'gateway', 'below', 'MB', 1e8, { warning: 1000, critical: 200, hysteresis: 100, holdSeconds: 300, clearSeconds: 300 }],
  ['locker_forced', 'locker', 'state', '', 1, { critical: 1, hysteresis: 0, holdSeconds: 0, clearSeconds: 30 }],
  ['kiosk_offline', 'kiosk', 'above', 's', 604_800, { warning: 90, hysteresis: 0, holdSeconds: 0, clearSeconds: 30 }],
  ['cart_stopped', 'cart', 'state', '', 1, { critical: 1, hysteresis: 0, holdSeconds: 0, clearSeconds: 10 }],
  ['cart_lost', 'cart', 'above', 's', 604_800, { warning: 90, critical: 900, hysteresis: 0, holdSeconds: 0, clearSeconds: 10 }],
].map(([kind, sort, sense, unit, most, usual]) => {
  const setting = { on: true, warning: null, critical: null, ...(usual as object) }
  const rule = { subject: null, setting, source: kind === 'clock' ? 'file' : 'usual', since: kind === 'clock' ? Date.parse('2026-01-01') : null, by: null }
  const own = kind === 'density' ? [{ subject: zone(3), setting: { ...setting, warning: 2.5, critical: 4 }, source: 'console', since: now() - 90_000 * MINUTE, by: me }] : []
  return { kind, sort, sense, unit, most, usual: setting, rule, own }
})

const webhooks = () => [
  { id: 1, name: '值班系统', url: 'https://duty.example/hooks/smartdistrict', least: 'warning', made: now(), by: me, waiting: 0, dead: 0, lastSent: now() - 3 * MINUTE, lastReason: null },
  { id: 2, name: 'Security desk', url: 'https://security.example/alarms', least: 'critical', made: now(), by: me, waiting: 2, dead: 3, lastSent: now() - 4000 * MINUTE, lastReason: '503 Service Unavailable' },
]

/** What the alarms' API answers; undefined where the address is not of it. */
export function alarmsApi(method: string, url: URL, body: string, empty: boolean): { status: number; body?: unknown } | undefined {
  const path = url.pathname.replace('/api/v1/alarms', '')
  const query = url.searchParams
  const sent = (body ? JSON.parse(body) : {}) as { alarms?: number[]; assignee?: string; text?: string; until?: number }
  if (path === '/acknowledge') { sent.alarms!.forEach(id => note(id, 'acknowledged')); return { status: 204 } }
  if (path === '/rules') return { status: 200, body: rules() }
  if (path === '/webhooks') return method === 'POST' ? { status: 201, body: { id: 3, secret: '9f'.repeat(32) } } : { status: 200, body: empty ? [] : webhooks() }
  if (path.endsWith('/deliveries')) return { status: 200, body: { next: null, deliveries: [{ id: 7, made: now() - 3 * MINUTE, state: 'waiting', attempts: 2, due: now() + MINUTE, finished: null, reason: '503 Service Unavailable', body: '{}' }, { id: 6, made: now() - 9 * MINUTE, state: 'sent', attempts: 1, due: null, finished: now(), reason: null, body: '{}' }] } }
  if (path === '') {
    const all = empty ? [] : query.has('cause') ? Array.from({ length: 400 }, (_, i) => silent(i + 100)) : query.get('state') === 'cleared' ? past() : open()
    const wanted = all.filter(each => (!query.get('kind') || each.kind === query.get('kind')) && (!query.get('severity') || each.severity === query.get('severity'))
      && (!query.get('subject') || [each.subject.id, each.subject.gateway].includes(query.get('subject'))) && (query.get('acknowledged') !== 'false' || !each.acknowledged) && (query.get('muted') !== 'true' || each.mute))
    return { status: 200, body: { alarms: wanted, total: wanted.length, next: null } }
  }
  const [, id, act] = /^\/(\d+)\/?(\w*)$/.exec(path) ?? []
  const found = [...open(), ...past(), silent(100)].find(each => each.id === Number(id))
  if (!found) return path.startsWith('/') && method !== 'GET' ? { status: 204 } : undefined
  if (act === 'comments') note(found.id, 'commented', sent.text!)
  else if (act === 'assignee') note(found.id, 'assigned', sent.assignee ?? null)
  else if (act === 'mute') note(found.id, method === 'PUT' ? 'muted' : 'unmuted', sent.until ? String(sent.until) : null)
  if (act) return { status: 204 }
  const story = [{ at: found.raised, what: 'raised', by: null, text: null }, ...(found.cleared ? [{ at: found.cleared, what: 'cleared', by: null, text: null }] : []), ...(acts.get(found.id) ?? []).map(each => ({ ...each, by: me }))]
  return { status: 200, body: { alarm: found, events: story } }
}
