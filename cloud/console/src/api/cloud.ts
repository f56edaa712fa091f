import { get, send } from './client'
import type { CalendarAnswer, CartTrack, Device, District, DistrictNumbers, FloorPlanInfo, FlowFootfall, HeatmapAnswer, LineCollection, LineFootfall, LockerDetail, Measure, NewCalendarEntry, NumbersOverTime, Report, SessionState, TotalAnswer, ZoneCollection, ZoneFootfall } from './types'

const iso = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString()

/** The calls this console makes; the contract is openapi.json. */
export const cloud = {
  session: () => get<SessionState>('/api/v1/session'),
  signInWays: () => get<{ setUp: boolean; openId: string | null }>('/api/v1/session/ways'),
  signIn: (name: string, password: string) => send('POST', '/api/v1/session', { name, password }),
  /** With the code of the installation (then with a name) or of an invitation. */
  setUp: (code: string, name: string | null, password: string) => send('POST', '/api/v1/set-up', { code, password, ...(name == null ? {} : { name }) }),
  changePassword: (current: string, password: string) => send('PUT', '/api/v1/session/password', { current, password }),
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
  locker: (id: string) => get<LockerDetail>(`/api/v1/lockers/${encodeURIComponent(id)}`),
  /** The last 10 minutes. */
  cartTrack: (id: string) => get<CartTrack>(`/api/v1/carts/${encodeURIComponent(id)}/track`),
  /** How many people went from zone to neighbouring zone; at most 367 days. */
  flows: (from: number, to: number, signal?: AbortSignal) => get<FlowFootfall>('/api/v1/footfall/flows', { from: iso(from), to: iso(to) }, signal),
  /** `period`: 2026-03-02, 2026-W10, 2026-03, 2026, or day, week, month, year for the present one. */
  numbers: (period: string, signal?: AbortSignal) => get<DistrictNumbers>('/api/v1/numbers', { period }, signal),
  numbersOverTime: (period: string, area: string, signal?: AbortSignal) => get<NumbersOverTime>('/api/v1/numbers/over-time', { period, area }, signal),
  report: (period: string, area: string, signal?: AbortSignal) => get<Report>('/api/v1/reports', { period, area }, signal),
  /** Addresses of files. */
  reportFile: (period: string, area: string, format: 'csv' | 'xlsx' | 'pdf', language: string, table: 'areas' | 'over-time' = 'areas') =>
    `/api/v1/reports/file?${new URLSearchParams({ period, area, format, language, table })}`,
  lineExport: (period: string, bucket: '15m' | '1h') => `/api/v1/exports/lines?${new URLSearchParams({ period, bucket })}`,
  /** Holidays and events that touch these dates (2026-03-02), both inclusive. */
  calendar: (from: string, to: string, signal?: AbortSignal) => get<CalendarAnswer>('/api/v1/calendar', { from, to }, signal),
  addToCalendar: (entry: NewCalendarEntry) => send('POST', '/api/v1/calendar', entry),
  removeFromCalendar: (id: number) => send('DELETE', `/api/v1/calendar/${id}`),
  liveUrl: '/api/v1/live',
}
