import { describe, expect, it } from 'vitest'
import { makeFormats } from '../locales/formats'
import { DistrictTime } from './districtTime'
import { grouped, markedRuns, noDataRuns, roomFor, ticksOf } from './marks'
import { countOf, dayChoice, endAt, positionOf, readChoice, resolve, startAt, stepFor, writeChoice, type Range } from './range'
import { firstSpeed, frameMs, rateOf, speedNear, speedsFor } from './speed'

const at = (text: string) => Date.parse(text) / 1000
const now = at('2026-06-12T11:38:12Z')
const shanghai = new DistrictTime('Asia/Shanghai', '04:00')
const berlin = new DistrictTime('Europe/Berlin', '04:00')
const range = (choice: Parameters<typeof resolve>[0], time = shanghai) => resolve(choice, time, now) as Range

describe('a range', () => {
  it.each([['1h', '1m', 60], ['6h', '1m', 360], ['24h', '15m', 96], ['7d', '15m', 672], ['30d', '1h', 720], ['365d', '1d', 365], ['3y', '1d', 1095]] as const)('of %s has steps of %s, %i of them, and ends with now', (preset, step, count) => {
    const made = range(preset)
    expect([made.buckets.step, countOf(made), made.live]).toEqual([step, count, true])
    expect(endAt(made, count - 1)).toBe(made.buckets.startOf(made.buckets.indexOf(now)))
  })

  it('of dates is in the district\'s time and does not end live', () => {
    const made = range({ from: '2026-06-01T00:00', to: '2026-06-02T00:00' })
    expect([startAt(made, 0), endAt(made, countOf(made) - 1)]).toEqual([at('2026-05-31T16:00:00Z'), at('2026-06-01T16:00:00Z')])
    expect(made.live).toBe(false)
  })

  it('has 23 or 25 hours where the clocks change', () => {
    expect(countOf(range({ from: '2026-03-28T04:00', to: '2026-03-29T04:00' }, berlin))).toBe(23 * 4)
    expect(countOf(resolve({ from: '2025-10-25T04:00', to: '2025-10-26T04:00' }, berlin, now) as Range)).toBe(25 * 4)
  })

  it('has no minutes from before they are kept', () => {
    expect(stepFor(now - 3600, now, now)).toBe('1m')
    expect(stepFor(now - 100 * 86_400, now - 100 * 86_400 + 3600, now)).toBe('15m')
  })

  it.each([
    ['reversed', '2026-06-02T00:00', '2026-06-01T00:00'],
    ['reversed', '2026-06-01T00:00', '2026-06-01T00:00'],
    ['future', '2026-06-13T00:00', '2026-06-14T00:00'],
    ['short', '2026-06-01T00:00', '2026-06-01T00:30'],
    ['long', '1990-01-01T00:00', '2026-06-01T00:00'],
    ['unreadable', '2026-02-30T00:00', '2026-06-01T00:00'],
    ['unreadable', '<script>', ''],
  ])('is refused as %s: %s to %s', (fault, from, to) => expect(resolve({ from, to }, shanghai, now)).toBe(fault))

  it('that ends ahead of now ends now', () => {
    const made = range({ from: '2026-06-12T00:00', to: '2026-06-20T00:00' })
    expect([made.live, endAt(made, countOf(made) - 1)]).toEqual([true, at('2026-06-12T11:30:00Z')])
  })

  it('finds the bucket of a moment, and none outside', () => {
    const made = range('24h')
    expect(positionOf(made, startAt(made, 0))).toBe(0)
    expect(positionOf(made, endAt(made, 95) - 1)).toBe(95)
    expect(positionOf(made, endAt(made, 95))).toBeNull()
    expect(positionOf(made, startAt(made, 0) - 1)).toBeNull()
  })

  it('is kept by a link', () => {
    for (const choice of ['24h', '3y', { from: '2026-06-01T00:00', to: '2026-06-02T00:00' }] as const) expect(readChoice(writeChoice(choice)) ?? '24h').toEqual(choice)
    expect(readChoice({ range: 'toString' })).toBeNull()
    expect(dayChoice(at('2026-03-01T19:30:00Z'), shanghai)).toEqual({ from: '2026-03-01T04:00', to: '2026-03-02T04:00' })
  })
})

describe('the speeds', () => {
  it('go from life to six hundred times life, and at most ten pictures a second', () => {
    for (const step of ['1m', '15m', '1h', '1d'] as const) {
      const speeds = speedsFor(step)
      expect(speeds).toEqual(expect.arrayContaining([1, 600]))
      expect(frameMs(step, speeds.at(-1)!)).toBe(100)
      expect(frameMs(step, firstSpeed(step))).toBe(500)
    }
    expect(speedsFor('1m').at(-1)).toBe(600)
  })

  it('of a link are taken to the nearest that the steps have', () => {
    expect(speedNear('15m', 600)).toBe(600)
    expect(speedNear('1m', 1e9)).toBe(600)
  })

  it('say how much time passes in a second', () => {
    expect([1, 600, 7200, 172_800].map(rateOf)).toEqual([{ n: 1, unit: 'second' }, { n: 10, unit: 'minute' }, { n: 2, unit: 'hour' }, { n: 2, unit: 'day' }])
  })
})

describe('the marks of the time line', () => {
  it('stand on whole hours of the district, wherever the browser is', () => {
    const clock = makeFormats('zh', 'zh-CN', 'Asia/Shanghai').clock
    const ticks = ticksOf(range('24h'), shanghai, 10)
    expect(ticks.map(tick => clock(tick.at))).toEqual(['21:00', '00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00'])
    expect(ticks.filter(tick => tick.strong).map(tick => tick.as)).toEqual(['day'])
  })

  it('follow a time zone with a half hour', () => {
    const kolkata = new DistrictTime('Asia/Kolkata', '04:15')
    expect(ticksOf(range('24h', kolkata), kolkata, 10).map(tick => makeFormats('en', 'en-GB', 'Asia/Kolkata').clock(tick.at))).toContain('18:00')
  })

  it.each([['1h', 'clock'], ['7d', 'day'], ['30d', 'day'], ['365d', 'month'], ['3y', 'month']] as const)('of %s are few, in order, and each %s', (preset, as) => {
    const made = range(preset)
    const ticks = ticksOf(made, shanghai, 10)
    expect(ticks.length).toBeGreaterThanOrEqual(3)
    expect(ticks.length).toBeLessThanOrEqual(10)
    expect(ticks.some(tick => tick.as === as)).toBe(true)
    expect(ticks.every(tick => tick.position >= 0 && tick.position < countOf(made))).toBe(true)
    expect(ticks.map(tick => tick.position)).toEqual([...ticks.map(tick => tick.position)].sort((a, b) => a - b))
  })

  it('hatch each run of buckets without data once', () => {
    expect(noDataRuns([null, null, 0, 4, null])).toEqual([{ from: 0, to: 2 }, { from: 4, to: 5 }])
    expect(noDataRuns([0, 1])).toEqual([])
  })

  it('mark what is partial, repaired or stale, each run once, and nothing else', () => {
    expect(markedRuns(['complete', 'partial', 'partial', 'repaired', 'provisional', 'partial', 'none', 'stale'])).toEqual([
      { status: 'partial', from: 1, to: 3 }, { status: 'repaired', from: 3, to: 4 }, { status: 'partial', from: 5, to: 6 }, { status: 'stale', from: 7, to: 8 },
    ])
  })

  it('leave out words that would touch others, never those of a day for those of an hour', () => {
    const tick = (x: number, width: number, strong = false) => ({ x, width, strong })
    expect(roomFor([tick(0, 30), tick(35, 30), tick(80, 30)], 10).map(({ x }) => x)).toEqual([0, 80])
    expect(roomFor([tick(0, 30), tick(45, 80, true), tick(110, 30)], 10).map(({ x }) => x)).toEqual([45, 110])
  })

  it('are bars of the mean of several buckets where there are many, and of nothing where nothing is known', () => {
    expect(grouped([1, null, 3], 10)).toEqual({ values: [1, null, 3], size: 1 })
    expect(grouped([1, 3, null, 5, null, null, 7], 4)).toEqual({ values: [2, 5, null, 7], size: 2 })
  })
})
