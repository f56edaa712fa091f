import { beforeEach, expect, it, vi } from 'vitest'
import type { TotalAnswer } from '../api/types'
import { bucketsOf } from './buckets'
import { DistrictTime } from './districtTime'
import { cloudOf } from './testing'
import { partsOf, readSeries } from './totals'
import { runsOf } from './useComparisonTotals'

const cloud = vi.hoisted(() => ({ total: vi.fn() }))
vi.mock('../api/cloud', () => ({ cloud }))

const now = Date.parse('2026-06-12T11:38:12Z') / 1000
const shanghai = new DistrictTime('Asia/Shanghai', '04:00')
const hours = bucketsOf('1h', shanghai)

beforeEach(() => {
  vi.useFakeTimers({ now: now * 1000, toFake: ['Date'] })
  cloud.total.mockReset().mockImplementation(cloudOf((_, start) => (start < now - 50 * 86_400 ? null : (start / 3600) % 90)).total)
})

it('reads a long series in parts that a store can bear, and lays them together', async () => {
  const end = hours.indexOf(now)
  const series = await readSeries({ measure: 'entries', buckets: hours, first: end - 100 * 24, end, zone: 'plaza', lines: 500, zones: 3 }, new AbortController().signal)
  expect(cloud.total.mock.calls.length).toBe(4)
  expect(series.values).toEqual(Array.from({ length: 2400 }, (_, i) => { const start = hours.startOf(end - 2400 + i); return start < now - 50 * 86_400 ? null : (start / 3600) % 90 }))
  expect(new Set(series.status)).toEqual(new Set(['none', 'complete']))
})

it('asks for nothing that has not come yet, and tells when the store is away', async () => {
  const stale = { since: now - 60, code: 'store-unavailable', reason: 'away' }
  cloud.total.mockImplementation(async (...question: Parameters<ReturnType<typeof cloudOf>['total']>): Promise<TotalAnswer> => ({ ...(await cloudOf(() => 1).total(...question)), stale }))
  const days = bucketsOf('1d', shanghai)
  const today = shanghai.dateAt(now)
  const series = await readSeries({ measure: 'exits', buckets: days, first: today - 2, end: today + 1, zone: null, lines: 4, zones: 3 }, new AbortController().signal)
  expect(cloud.total).toHaveBeenCalledWith('exits', days.startOf(today - 2), now, '1d', null, expect.anything())
  expect([series.values, series.stale]).toEqual([[3, 3, 3], stale])
})

it.each([[75, 30, 1], [2000, 2000, 5], [1, 1, 1]])('cuts 700 hours of %i lines and %i zones into %i parts without a gap, the newest first', (lines, zones, count) => {
  const parts = partsOf(hours, 1000, 1700, lines, zones)
  expect(parts).toHaveLength(count)
  expect(parts[0]!.end).toBe(1700)
  expect(parts.at(-1)!.first).toBe(1000)
  for (let i = 1; i < parts.length; i++) expect(parts[i]!.end).toBe(parts[i - 1]!.first)
})

it('reads what lies close together at once', () => {
  expect(runsOf([5, 1, 2, 40, 3, 12, 5])).toEqual([{ first: 1, end: 13 }, { first: 40, end: 41 }])
  expect(runsOf([])).toEqual([])
})
