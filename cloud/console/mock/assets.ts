import { now } from './clock.ts'
import { zones } from './district.ts'
import { noise } from './footfall.ts'

/** MOCK_CARTS=200: how does a big fleet feel? */
const CARTS = Number(process.env.MOCK_CARTS ?? 5)
const ring = (i: number) => (zones.features as { geometry: { coordinates: [number, number][][] } }[])[i % zones.features.length]!.geometry.coordinates[0]!
const middle = (i: number): [number, number] => {
  const points = ring(i)
  return [points.reduce((sum, [x]) => sum + x, 0) / points.length, points.reduce((sum, [, y]) => sum + y, 0) / points.length]
}
const MINUTE = 60_000
const base = (id: string, zh: string, en: string, at: [number, number] | null) => ({ id, name: { zh, en }, gateway: 'gw-1', at, level: 0 })

const STATES = ['free', 'occupied', 'free', 'reserved', 'occupied', 'overdue', 'free', 'occupied', 'open', 'cleaning', 'free', 'out_of_service'] as const
const doors = (locker: number) => Array.from({ length: [24, 12, 8][locker]! }, (_, i) => {
  const state = locker === 0 && i === 6 ? 'forced' : locker === 1 && i === 3 ? 'jammed' : locker === 2 && i > 5 ? 'unknown' : STATES[(i * 5 + locker) % STATES.length]!
  return { number: i + 1, state, doorOpen: ['forced', 'jammed', 'open'].includes(state), since: now() - ((i * 37 + 5) % 190) * MINUTE }
})
const has = (of: { state: string }[], ...states: string[]) => of.filter(({ state }) => states.includes(state)).length

function locker(i: number) {
  const of = doors(i)
  const counts = { all: of.length, free: has(of, 'free'), taken: has(of, 'reserved', 'occupied', 'overdue', 'open'), forced: has(of, 'forced'), jammed: has(of, 'jammed'), closed: has(of, 'cleaning', 'out_of_service'), unknown: has(of, 'unknown') }
  return {
    ...base(['lk-metro', 'lk-mall', 'lk-ferry'][i]!, ['地铁站智能柜', '商场智能柜', '轮渡站智能柜'][i]!, ['Metro locker', 'Mall locker', 'Ferry locker'][i]!, middle([10, 28, 43][i]!)),
    state: ['forced', 'jammed', 'ok'][i]!, compartments: counts, lastSeen: now() - [12_000, 40_000, 55_000][i]!, status: counts.unknown ? 'partial' : 'complete',
  }
}
const kiosk = (i: number) => ({
  ...base(['ks-plaza', 'ks-metro', 'ks-pier'][i]!, ['中央广场自助终端', '地铁站自助终端', '码头自助终端'][i]!, ['Central Plaza kiosk', 'Metro kiosk', 'Pier kiosk'][i]!, middle([13, 34, 3][i]!)),
  state: ['attention', 'offline', 'ok'][i]!, paper: ['low', 'ok', 'ok'][i]!, reader: 'ok', screen: i === 2 ? null : 'ok', lastSeen: now() - [9000, 4 * MINUTE, 21_000][i]!, status: i === 1 ? 'stale' : 'complete',
})

/** Between the middles of two zones, back and forth. */
function at(i: number, time: number): { at: [number, number]; heading: number } {
  const [a, b] = [middle(i * 7 + 2), middle(i * 7 + 3)]
  const phase = ((time / 40_000 + noise(i, 1)) % 2 + 2) % 2
  const t = phase < 1 ? phase : 2 - phase
  const [dx, dy] = [(b[0] - a[0]) * (phase < 1 ? 1 : -1), (b[1] - a[1]) * (phase < 1 ? 1 : -1)]
  return { at: [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t], heading: (Math.atan2(dx * 0.86, dy) * 180 / Math.PI + 360) % 360 }
}
const CART_STATES = ['driving', 'driving', 'stopped', 'comms_lost', 'charging'] as const
function cart(i: number) {
  const state = CART_STATES[i % 5]!
  const lost = state === 'comms_lost'
  const seen = now() - (lost ? 3 * MINUTE : 900)
  const moving = state === 'driving'
  const place = at(i, moving ? seen : 0)
  return {
    ...base(`cart-${i + 1}`, `零售车${i + 1}号`, `Cart ${i + 1}`, place.at), posedAt: seen, heading: place.heading, speed: lost ? null : moving ? 1.4 : 0, state,
    mode: 'automatic', emergencyStop: state === 'stopped' ? 'manual' : 'none', battery: [76, 54, 61, 33, 18][i % 5]!, lastSeen: seen, status: lost ? 'stale' : 'complete',
  }
}
const some = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i))
export const lockers = (empty: boolean) => { const all = empty ? [] : some(3, locker); return { lockers: all, total: all.length, next: null } }
export const kiosks = (empty: boolean) => { const all = empty ? [] : some(3, kiosk); return { kiosks: all, total: all.length, next: null } }
export const carts = (empty: boolean) => { const all = empty ? [] : some(CARTS, cart); return { carts: all, total: all.length, next: null } }

/** What the API answers of one; undefined where the address is not of it. */
export function assetsApi(path: string): unknown {
  const [, sort, id, track] = /^\/api\/v1\/(lockers|carts)\/([\w-]+)(\/track)?$/.exec(path) ?? []
  if (sort === 'lockers' && !track) {
    const i = some(3, locker).findIndex(each => each.id === id)
    return i < 0 ? undefined : { locker: locker(i), compartments: doors(i) }
  }
  const i = Number(id?.slice(5)) - 1
  if (sort !== 'carts' || !track || !(i >= 0 && i < CARTS)) return undefined
  const end = cart(i).posedAt
  return { points: some(120, n => { const time = end - (119 - n) * 5000; return { at: time, position: at(i, CART_STATES[i % 5] === 'driving' ? time : 0).at, level: 0 } }) }
}
