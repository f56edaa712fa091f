import type { components } from '../src/api/generated.ts'
import { now } from './clock.ts'
import { lines } from './district.ts'
import { noise } from './footfall.ts'

type Schemas = components['schemas']
type Device = Schemas['DeviceStatus']

const MINUTE = 60_000
const DAY = 86_400
const quarter = () => Math.floor(now() / 900_000) * 900

const MODELS = [
  { profile: 'xovis-push-v5', tells: [] },
  { profile: 'milesight-vs350', tells: ['battery', 'firmware'] },
  { profile: 'milesight-vs133', tells: ['firmware'] },
  { profile: 'native', tells: ['battery', 'firmware'] },
]

/** In the last 24 hours a reading each minute, of which some are missing. */
function ledger(devices: number, missing: number, told = 96): Schemas['CompletenessInfo'] {
  const expected = told * 15 * devices
  const received = expected - missing
  return {
    from: quarter() - DAY, to: quarter(), quarters: told * devices, quartersDue: 96 * devices, expected: told ? expected : null, received, refused: 0,
    forwarded: received, acknowledged: received, rejected: 0, dropped: 0, status: !told ? 'none' : missing || told < 96 ? 'partial' : 'complete',
  }
}

/** One battery is low, one was told long ago, one device has not told, and of one nobody knows. */
function battery(i: number): Device['battery'] {
  if (i === 13) return null
  const at = now() - (i === 17 ? 3 * DAY * 1000 : Math.round(noise(i, 3) * 600) * MINUTE)
  return { percent: i === 5 ? 12 : 40 + Math.round(noise(i, 4) * 60), volts: null, at, low: i === 5, stale: i === 17 }
}

interface Line { id: string; properties: { name: Schemas['LocalizedName']; device: string; gateway: string } }
const features = lines.features as Line[]

const counters: Device[] = features.map(({ id, properties }, i) => {
  const model = MODELS[i % MODELS.length]!
  const state = i === 40 ? 'unknown' : [12, 37].includes(i) ? 'silent' : 'live'
  const silent = state === 'silent' ? 5400 : 3
  const heard = state !== 'unknown'
  return {
    id: properties.device, kind: 'counter', gateway: properties.gateway, profile: model.profile, lines: [{ id, name: properties.name }],
    lastSeen: heard ? now() - silent * 1000 : null, silentSeconds: heard ? silent : null, state, sensor: !heard ? null : i === 16 ? 'no_exits' : 'ok',
    tells: heard ? model.tells : null, battery: heard && model.tells.includes('battery') ? battery(i) : null,
    firmware: heard && model.tells.includes('firmware') ? { version: i % 4 === 3 ? '1.4.2' : i === 9 ? 'v1.12' : 'v1.10', since: now() - (i === 9 ? 2 : 40 + (i % 30)) * DAY * 1000 } : null,
    completeness: heard ? ledger(1, i % 7 === 0 ? 1 + Math.round(noise(i, 6) * 40) : 0, state === 'silent' ? 90 : 96) : ledger(1, 0, 0),
  }
})
const chip: Device = {
  id: 'cabinet-1', kind: 'environment', gateway: counters[0]!.gateway, profile: 'environment', lines: [], lastSeen: now() - 20_000, silentSeconds: 20, state: 'live',
  sensor: null, tells: [], battery: null, firmware: null, completeness: null,
}
const all = [chip, ...counters]

const gateways = (): Schemas['GatewayStatus'][] => [...new Set(all.map(device => device.gateway))].sort().map((id, i) => {
  const own = all.filter(device => device.gateway === id)
  const count = (state: string) => own.filter(device => device.state === state).length
  return {
    id, name: { zh: `${id.replace('gw-', '')} 号网关`, en: `Gateway ${id.replace('gw-', '')}` }, state: 'live', lastSeen: now() - 1000,
    devices: { all: own.length, live: count('live'), silent: count('silent'), unknown: count('unknown'), doubtful: own.filter(device => device.sensor === 'no_exits').length, lowBattery: own.filter(device => device.battery?.low).length },
    vitals: {
      at: now() - 30_000, clock: i === 1 ? 'unsynchronised' : 'synchronised', uptimeSeconds: 11 * DAY + 4000, backlog: i * 240, runwaySeconds: 9 * DAY, diskFree: 21e9, resident: 41e6, cpu: 4.2,
      temperature: 48.5, throttled: '', lost: 0, dropped: 0, refused: 3, generation: 1, firmware: '0.1.0',
    },
    completeness: ledger(own.length, 31 * i), source: { of: 'gateway', id, file: 'harbour.yaml', line: 12 + i, text: `- {id: ${id}, name: {zh: ${i + 1} 号网关, en: Gateway ${i + 1}}}` },
  }
})

const sources = (device: Device): Schemas['SourceText'][] => [
  { of: 'device', id: device.id, file: 'harbour.yaml', line: 88, text: `- {id: ${device.id}, gateway: ${device.gateway}, profile: ${device.profile}${device.lines[0] ? `, line: ${device.lines[0].id}` : ', sensor: {chip: sht3x, at: 1-0044}'}}` },
  ...device.lines.map(line => ({ of: 'line', id: line.id, file: 'harbour.yaml', line: 40, text: `- id: ${line.id}\n  name: {zh: ${line.name.zh}, en: ${line.name.en}}` })),
]

const detail = (device: Device): Schemas['DeviceDetail'] => ({
  device,
  settings: [{ key: 'gateway', value: device.gateway, given: true }, { key: 'profile', value: device.profile, given: true }, ...device.lines.map(line => ({ key: 'line', value: line.id, given: true })), { key: 'time_zone', value: 'Asia/Shanghai', given: false }],
  sources: sources(device),
  ambient: device.kind === 'environment' ? { at: device.lastSeen!, values: [{ quantity: 'humidity_percent', value: 58.4 }, { quantity: 'temperature_celsius', value: 23.6 }] } : null,
})

const starts = (from: number, to: number) => Array.from({ length: Math.max(0, (to - from) / 900) }, (_, i) => from + i * 900)

function completeness(device: Device, from: number, to: number): Schemas['CompletenessSeries'] {
  const told = starts(from, to)
  const { completeness: total } = device
  const missing = (total?.expected ?? 0) - (total?.received ?? 0)
  const column = (value: (i: number) => number) => told.map((_, i) => (i < (total?.quarters ?? 0) ? value(i) : null))
  const received = column(i => 15 - Math.floor(((i + 1) * missing) / 96) + Math.floor((i * missing) / 96))
  return { total: total ?? ledger(1, 0, 0), starts: told, expected: column(() => 15), received, refused: column(() => 0), acknowledged: received }
}

/** A day's wave, with a gap of two hours. */
function environment(from: number, to: number): Schemas['EnvironmentSeries'] {
  const told = starts(from, to)
  const wave = (mean: number, swing: number) => told.map((start, i) => (i > 30 && i < 39 ? null : Math.round((mean + swing * Math.sin(((start / 3600 + 2) % 24) / 24 * 2 * Math.PI)) * 10) / 10))
  return { starts: told, series: [{ quantity: 'humidity_percent', means: wave(56, -6) }, { quantity: 'temperature_celsius', means: wave(22.5, 2.5) }] }
}

const direction: Schemas['DirectionAccuracy'] = { counts: 0, manual: 0, counted: 0, error: null, errorLow: null, errorHigh: null, absoluteError: null, factor: null, enough: false }

function accuracy(id: string): Schemas['LineAccuracy'] {
  const line = features.find(each => each.id === id)
  return { line: id, name: line?.properties.name ?? { zh: id, en: id }, entries: direction, exits: direction, counts: [], total: 0, factors: [], inForce: null, nextFrom: quarter() + 900 }
}

/** What the devices' API answers; undefined where the address is not of it. */
export function devicesApi(url: URL, empty: boolean): unknown {
  const [from, to] = ['from', 'to'].map(key => Date.parse(url.searchParams.get(key) ?? '') / 1000) as [number, number]
  const [, room, id, part] = /^\/api\/v1\/(gateways|devices|lines)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(url.pathname) ?? []
  if (room === 'gateways' && !id) return empty ? [] : gateways()
  if (room === 'gateways' && part === 'devices') {
    const own = all.filter(device => device.gateway === id)
    return { devices: own, total: own.length, next: null }
  }
  if (room === 'lines' && part === 'accuracy') return accuracy(id!)
  const device = room === 'devices' ? all.find(each => each.id === id) : undefined
  if (!device) return undefined
  return part === 'completeness' ? completeness(device, from, to) : part === 'environment' ? environment(from, to) : detail(device)
}
