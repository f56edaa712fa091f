import type { LocationQuery } from 'vue-router'
import type { Branch, Completeness, Device } from './cloud'

/** How a device stands, in one word: who is not heard cannot be doubted. */
export type Standing = 'live' | 'doubtful' | 'silent' | 'unknown'
export const STANDINGS = ['live', 'doubtful', 'silent', 'unknown'] as const

export const standingOf = (device: Pick<Device, 'state' | 'sensor'>): Standing =>
  device.state === 'live' && device.sensor != null && !['ok', 'unknown', 'silent'].includes(device.sensor) ? 'doubtful' : device.state

/** What the devices can be filtered by. */
export const FILTERS = [...STANDINGS, 'low'] as const

export const TONES: Record<Standing, string> = { live: 'good', doubtful: 'warn', silent: 'lost', unknown: '' }

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' ? value : '')

/** What an address asks for. */
export const filterOf = (query: LocationQuery) => ({ state: text(query.state), find: text(query.find) })
export type Filter = ReturnType<typeof filterOf>

const fits = (device: Device, { state, find }: Filter) => {
  if (state && (state === 'low' ? !device.battery?.low : standingOf(device) !== state)) return false
  if (!find) return true
  const wanted = find.toLowerCase()
  return [device.id, device.profile, ...device.lines.flatMap(line => [line.id, line.name.zh, line.name.en])].some(word => word.toLowerCase().includes(wanted))
}

/** The devices that fit, of each gateway; while something is sought, gateways without any are left out. */
export function filtered(branches: readonly Branch[], filter: Filter): Branch[] {
  if (!filter.state && !filter.find) return [...branches]
  const find = filter.find.toLowerCase()
  return branches.flatMap(({ gateway, devices }) => {
    const own = !!find && [gateway.id, gateway.name.zh, gateway.name.en].some(word => word.toLowerCase().includes(find))
    const fitting = devices.filter(device => fits(device, own ? { ...filter, find: '' } : filter))
    return fitting.length ? [{ gateway, devices: fitting }] : []
  })
}

/** Of the readings that should have come, the share that did; null where that is not known. */
export const shareOf = (told: Completeness | null | undefined): number | null =>
  told?.expected ? Math.min(1, told.received / told.expected) : null

/** In percent with one digit, never rounded up: 100 % is nothing missing. */
export const percentOf = (share: number) => Math.floor(share * 1000 + 1e-6) / 10
