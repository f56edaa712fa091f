import { get, send } from '../api/client'
import type { components } from '../api/generated'

type Schemas = components['schemas']

export type Device = Schemas['DeviceStatus']
export type DeviceState = Schemas['DeviceState']
export type Gateway = Schemas['GatewayStatus']
export type Battery = Schemas['BatteryStatus']
export type DeviceDetail = Schemas['DeviceDetail']
export type Completeness = Schemas['CompletenessInfo']
export type CompletenessSeries = Schemas['CompletenessSeries']
export type EnvironmentSeries = Schemas['EnvironmentSeries']
export type SourceText = Schemas['SourceText']
export type LineAccuracy = Schemas['LineAccuracy']
export type DirectionAccuracy = Schemas['DirectionAccuracy']

type DevicePage = Schemas['DevicePage']

const PAGE = '500'
const device = (id: string) => `/api/v1/devices/${encodeURIComponent(id)}`
const line = (id: string) => `/api/v1/lines/${encodeURIComponent(id)}`
const span = (from: number, to: number) => ({ from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() })

async function devicesOf(gateway: string, signal?: AbortSignal): Promise<Device[]> {
  const all: Device[] = []
  let after: string | null = null
  do {
    const page: DevicePage = await get<DevicePage>(`/api/v1/gateways/${encodeURIComponent(gateway)}/devices`, { limit: PAGE, ...(after == null ? {} : { after }) }, signal)
    all.push(...page.devices)
    after = page.next ?? null
  } while (after != null)
  return all
}

/** A gateway with its devices. */
export interface Branch { gateway: Gateway; devices: Device[] }

/** The calls of this room; spans in unix seconds. */
export const deviceCloud = {
  async tree(signal?: AbortSignal): Promise<Branch[]> {
    const gateways = await get<Gateway[]>('/api/v1/gateways', {}, signal)
    const devices = await Promise.all(gateways.map(gateway => devicesOf(gateway.id, signal)))
    return gateways.map((gateway, i) => ({ gateway, devices: devices[i]! }))
  },
  detail: (id: string, signal?: AbortSignal) => get<DeviceDetail>(device(id), {}, signal),
  completeness: (id: string, from: number, to: number, signal?: AbortSignal) => get<CompletenessSeries>(`${device(id)}/completeness`, span(from, to), signal),
  environment: (id: string, from: number, to: number, signal?: AbortSignal) => get<EnvironmentSeries>(`${device(id)}/environment`, span(from, to), signal),
  accuracy: (id: string, signal?: AbortSignal) => get<LineAccuracy>(`${line(id)}/accuracy`, {}, signal),
  enterCount: (id: string, count: Schemas['ManualCountRequest']) => send('POST', `${line(id)}/manual-counts`, count),
  withdrawCount: (id: string, count: number) => send('DELETE', `${line(id)}/manual-counts/${count}`),
  calibrate: (id: string, factor: Schemas['FactorRequest']) => send('POST', `${line(id)}/factors`, factor),
}
