import { now as clock } from './clock.ts'
import { lines, zoneIds } from './district.ts'

/** Repeatable noise in [0, 1) from two whole numbers. */
export function noise(a: number, b: number): number {
  let h = Math.imul(a, 374761393) ^ Math.imul(b, 668265263)
  h = Math.imul(h ^ (h >>> 13), 1274126177)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

const SILENT = new Set([12, 37])
const PARTIAL = 21
const REPAIRED = 30

/** Share of the busiest hour at a time of day (seconds since the epoch, UTC+8). */
function rhythm(at: number): number {
  const hour = ((at / 3600 + 8) % 24 + 24) % 24
  const peak = (centre: number, width: number) => Math.exp(-(((hour - centre) / width) ** 2))
  return 0.02 + 0.35 * peak(9, 1.6) + 0.8 * peak(12.6, 1.8) + 0.5 * peak(16, 2) + 1 * peak(19.6, 2.2)
}

const attraction = (zone: number) => 0.08 + noise(zone, 5) ** 2.2

export function bucket(zone: number, start: number, seconds: number) {
  if (SILENT.has(zone)) return null
  const rate = 190 * attraction(zone) * rhythm(start) * (seconds / 900)
  const entries = Math.round(rate * (0.75 + 0.5 * noise(zone, start / 60)))
  const exits = Math.round(rate * (0.75 + 0.5 * noise(zone + 999, start / 60)))
  const status = zone === PARTIAL ? 'partial' : zone === REPAIRED ? 'repaired' : 'complete'
  return {
    entries,
    exits,
    unplacedEntries: zone === REPAIRED ? 4 : 0,
    unplacedExits: 0,
    occupancy: zone === 7 ? null : Math.round(rate * 1.4),
    expected: seconds / 5,
    received: status === 'partial' ? Math.round(seconds / 7) : seconds / 5,
    status,
    revision: Math.round(start / 60),
  }
}

/** The columns of GET /api/v1/footfall/zones. */
export function series(from: number, to: number, seconds: number, empty: boolean) {
  const starts: number[] = []
  for (let start = from; start < to; start += seconds) starts.push(start)
  const now = clock() / 1000
  const columns = zoneIds.map((zone, index) => {
    const cells = starts.map(start => (empty ? null : bucket(index, start, seconds)))
    const column = <T>(pick: (cell: NonNullable<(typeof cells)[number]>) => T) => cells.map(cell => (cell ? pick(cell) : null))
    return {
      zone,
      entries: column(c => c.entries),
      exits: column(c => c.exits),
      unplacedEntries: column(c => c.unplacedEntries),
      unplacedExits: column(c => c.unplacedExits),
      occupancy: column(c => c.occupancy),
      occupancyStatus: cells.map(cell => (cell?.occupancy == null ? 'none' : cell.status)),
      occupancyDrift: cells.map(() => 0),
      expected: column(c => c.expected),
      received: column(c => c.received),
      status: cells.map((cell, i) => (!cell ? 'none' : starts[i]! + 1800 > now && cell.status === 'complete' ? 'provisional' : cell.status)),
      revision: column(c => c.revision),
    }
  })
  return { starts, zones: columns }
}

type Measure = 'entries' | 'exits' | 'occupancy' | 'unplaced-entries' | 'unplaced-exits'

/** The columns of GET /api/v1/footfall/heatmap; a day begins at 04:00 in Shanghai. */
export function heatmap(from: number, to: number, name: string, measure: Measure, asked: string[], empty: boolean) {
  const seconds = { '1m': 60, '15m': 900, '1h': 3600 }[name] ?? 86_400
  const shift = seconds === 86_400 ? -4 * 3600 : 0
  const starts: number[] = []
  for (let start = Math.floor((from - shift) / seconds) * seconds + shift; start < to; start += seconds) starts.push(start)
  const zones = asked.length ? asked : zoneIds
  const now = clock() / 1000
  const begins = now - 200 * 86_400
  const of = (zone: string, start: number) => {
    const index = zoneIds.indexOf(zone)
    if (empty || start < begins) return null
    const weekend = [0, 6].includes(new Date((start + 8 * 3600) * 1000).getUTCDay()) ? 1.35 : 1
    if (seconds < 86_400) { const cell = bucket(index, start, seconds); return cell && { ...cell, entries: Math.round(cell.entries * weekend), exits: Math.round(cell.exits * weekend) } }
    let [entries, exits, any] = [0, 0, false]
    for (let hour = 0; hour < 24; hour++) { const cell = bucket(index, start + hour * 3600, 3600); if (cell) { any = true; entries += cell.entries; exits += cell.exits } }
    return any ? { ...bucket(index, start, 3600)!, entries: Math.round(entries * weekend), exits: Math.round(exits * weekend) } : null
  }
  const fields: Record<Measure, 'entries' | 'exits' | 'occupancy' | 'unplacedEntries' | 'unplacedExits'> = { entries: 'entries', exits: 'exits', occupancy: 'occupancy', 'unplaced-entries': 'unplacedEntries', 'unplaced-exits': 'unplacedExits' }
  const letters: Record<string, string> = { complete: 'c', repaired: 'r', provisional: 'p', partial: 'm', stale: 's' }
  const cells = zones.map(zone => starts.map(start => of(zone, start)))
  return {
    measure, bucket: name, from: starts[0] ?? from, to: (starts.at(-1) ?? from) + seconds, starts, zones,
    values: cells.map(row => row.map(cell => cell?.[fields[measure]] ?? null)),
    status: cells.map(row => row.map(cell => `${cell == null || cell[fields[measure]] == null ? 'n' : letters[cell.status]}1`).join('')),
    stale: null,
  }
}

/** GET /api/v1/footfall/total, of the same numbers. */
export function total(...question: Parameters<typeof heatmap>) {
  const { zones, values, status, ...rest } = heatmap(...question)
  const known = values.flat().filter(value => value != null).sort((a, b) => a - b)
  const sums = rest.starts.map((_, i) => values.reduce<number | null>((sum, row) => (row[i] == null ? sum : (sum ?? 0) + row[i]!), null))
  return {
    ...rest, values: sums, status: sums.map((sum, i) => (sum == null ? 'n1' : rest.starts[i]! > clock() / 1000 - 3600 ? 'p1' : zones.length === 1 ? status[0]!.slice(i * 2, i * 2 + 2) : 'c1')).join(''),
    zonesWithData: rest.starts.map((_, i) => values.filter(row => row[i] != null).length), zones: zones.length, reach: known[Math.floor((known.length - 1) * 0.97)] ?? 0,
  }
}

type Line = { id: string; properties: { device: string; gateway: string } }
const all = lines.features as Line[]

/** The columns of GET /api/v1/footfall/lines. */
export function lineSeries(from: number, to: number, name: string) {
  const seconds = { '1m': 60, '15m': 900, '1h': 3600 }[name] ?? 900
  const starts: number[] = []
  for (let start = from; start < to; start += seconds) starts.push(start)
  return {
    bucket: name, bucketSeconds: seconds, from, to, starts, stale: null,
    lines: all.map(({ id }, i) => {
      const cells = starts.map(start => bucket(i, start, seconds))
      const column = (pick: (cell: NonNullable<(typeof cells)[number]>) => number) => cells.map(cell => (cell ? pick(cell) : null))
      return {
        line: id, entries: column(c => c.entries), exits: column(c => c.exits), unplacedEntries: column(() => 0), unplacedExits: column(() => 0), ambiguous: column(() => 0),
        expected: column(c => c.expected), received: column(c => c.received), status: cells.map(c => c?.status ?? 'none'), revision: column(c => c.revision),
      }
    }),
  }
}

/** GET /api/v1/devices */
export const devices = () => all.map(({ id, properties }, i) => {
  const silent = SILENT.has(i) ? 5400 : null
  const never = i === 40
  return { id: properties.device, gateway: properties.gateway, profile: 'stereo-camera', lines: [id], lastSeen: never ? null : clock() - (silent ?? 3) * 1000, silentSeconds: never ? null : silent ?? 3, state: never ? 'unknown' : silent ? 'silent' : 'live' }
})

/** One zone as the live stream sends it. */
export function liveZone(index: number, at: number) {
  const start = Math.floor(at / 60000) * 60
  const cell = bucket(index, start - 840, 900)
  if (!cell) return null
  const progress = (at / 1000 - start) / 60
  return {
    zone: zoneIds[index]!,
    start,
    entries: Math.round((cell.entries / 15) * progress),
    exits: Math.round((cell.exits / 15) * progress),
    unplacedEntries: 0,
    unplacedExits: 0,
    last15Entries: cell.entries + Math.round((cell.entries / 15) * progress),
    last15Exits: cell.exits + Math.round((cell.exits / 15) * progress),
    last15UnplacedEntries: 0,
    last15UnplacedExits: 0,
    occupancy: cell.occupancy,
    occupancyStatus: cell.occupancy == null ? 'none' : cell.status,
    status: cell.status === 'complete' ? 'provisional' : cell.status,
    revision: Math.floor(at / 100),
    lagMs: 180 + Math.round(noise(index, start) * 160),
  }
}
