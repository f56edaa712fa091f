import { describe, expect, it } from 'vitest'
import { makeFormats } from '../locales/formats'
import { hourTicks, noDataRuns } from './marks'
import { BUCKETS, dayRange, LIVE, playFrom, playNext, positionOf, startAt, untilNextBucket } from './timeline'

const at = (text: string) => Date.parse(text) / 1000

describe('the time line', () => {
  const range = dayRange(at('2026-06-12T11:38:12Z'))

  it('is the 24 hours of closed buckets before now', () => {
    expect(range).toEqual({ from: at('2026-06-11T11:30:00Z'), to: at('2026-06-12T11:30:00Z') })
    expect(startAt(range, BUCKETS - 1)).toBe(at('2026-06-12T11:15:00Z'))
  })

  it('finds the bucket of a moment, and none outside the day', () => {
    expect(positionOf(range, range.from)).toBe(0)
    expect(positionOf(range, range.to - 1)).toBe(95)
    expect(positionOf(range, range.to)).toBeNull()
    expect(positionOf(range, range.from - 1)).toBeNull()
  })

  it('plays from the first data when started live, and ends live', () => {
    expect(playFrom(LIVE, 40)).toBe(40)
    expect(playFrom(LIVE, -1)).toBe(0)
    expect(playFrom(12, 40)).toBe(12)
    expect(playNext(95)).toBe(LIVE)
    expect(playNext(LIVE)).toBe(LIVE)
  })

  it('reads a bucket again once it has closed and late readings had their time', () => {
    expect(untilNextBucket(at('2026-06-12T11:38:12Z') * 1000, 10_000)).toBe((6 * 60 + 48 + 10) * 1000)
    expect(untilNextBucket(at('2026-06-12T11:30:05Z') * 1000, 10_000)).toBe(5000)
  })
})

describe('the marks of the time line', () => {
  it('stand on whole hours of the district, wherever the browser is', () => {
    const shanghai = makeFormats('zh', 'zh-CN', 'Asia/Shanghai')
    const ticks = hourTicks(dayRange(at('2026-06-12T11:38:12Z')), shanghai.clock)
    expect(ticks.map(tick => shanghai.clock(tick.at))).toEqual(['21:00', '00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00'])
    expect(ticks.filter(tick => tick.midnight)).toHaveLength(1)
  })

  it('follow a time zone with a half hour', () => {
    const kolkata = makeFormats('en', 'en-GB', 'Asia/Kolkata')
    const ticks = hourTicks(dayRange(at('2026-06-12T11:38:12Z')), kolkata.clock)
    expect(ticks.map(tick => kolkata.clock(tick.at))).toContain('18:00')
  })

  it('hatch each run of buckets without data once', () => {
    expect(noDataRuns([null, null, 0, 4, null])).toEqual([{ from: 0, to: 2 }, { from: 4, to: 5 }])
    expect(noDataRuns([0, 1])).toEqual([])
  })
})
