import { get, send } from './client'
import type { Device, District, FloorPlanInfo, HeatmapAnswer, LineCollection, LineFootfall, Measure, TotalAnswer, ZoneCollection, ZoneFootfall } from './types'

const iso = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString()

/** The calls this console makes; the contract is openapi.json. */
export const cloud = {
  session: () => get<{ signedIn: boolean }>('/api/v1/session'),
  signIn: (code: string) => send('POST', '/api/v1/session', { code }),
  signOut: () => send('DELETE', '/api/v1/session'),
  district: () => get<District>('/api/v1/district'),
  zones: () => get<ZoneCollection>('/api/v1/zones'),
  lines: () => get<LineCollection>('/api/v1/lines'),
  /** `from` and `to` in unix seconds, on bucket boundaries. */
  zoneFootfall: (from: number, to: number, bucket: '1m' | '15m' | '1h', signal?: AbortSignal) =>
    get<ZoneFootfall>('/api/v1/footfall/zones', { from: iso(from), to: iso(to), bucket }, signal),
  /** One number of every zone; at most 1.5 million numbers at once. */
  heatmap: (measure: Measure, from: number, to: number, bucket: '1m' | '15m' | '1h' | '1d', signal?: AbortSignal) =>
    get<HeatmapAnswer>('/api/v1/footfall/heatmap', { from: iso(from), to: iso(to), bucket, measure }, signal),
  /** The sum over all zones, or of one. */
  total: (measure: Measure, from: number, to: number, bucket: '1m' | '15m' | '1h' | '1d', zone: string | null, signal?: AbortSignal) =>
    get<TotalAnswer>('/api/v1/footfall/total', { from: iso(from), to: iso(to), bucket, measure, ...(zone == null ? {} : { zone }) }, signal),
  lineFootfall: (from: number, to: number, bucket: '1m' | '15m' | '1h', signal?: AbortSignal) =>
    get<LineFootfall>('/api/v1/footfall/lines', { from: iso(from), to: iso(to), bucket }, signal),
  plans: () => get<FloorPlanInfo[]>('/api/v1/plans'),
  devices: () => get<Device[]>('/api/v1/devices'),
  liveUrl: '/api/v1/live',
}
