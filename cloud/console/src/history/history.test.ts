import { describe, expect, it } from 'vitest'
import type { CalendarEntry } from '../api/types'
import { bucketsOf } from '../time/buckets'
import { dateText, DistrictTime, readDate, weekdayOf } from '../time/districtTime'
import type { KnownSeries } from '../time/totals'
import { busiest, rhythmOf } from './rhythm'
import { firstDate, monthsOf, specialDays } from './year'

const shanghai = new DistrictTime('Asia/Shanghai', '04:00')
const berlin = new DistrictTime('Europe/Berlin', '04:00')

/** Hours from a date's midnight on the district's clocks, with a number for each start. */
function hoursFrom(time: DistrictTime, from: string, count: number, of: (start: number, i: number) => number | null): KnownSeries {
  const buckets = bucketsOf('1h', time)
  const first = buckets.indexOf(time.instant(readDate(from)! * 86_400))
  const values = Array.from({ length: count }, (_, i) => of(buckets.startOf(first + i), i))
  return { buckets, first, values, status: values.map(value => (value == null ? 'none' : 'complete')), stale: null }
}

describe('the rhythm of the week', () => {
  it('is the mean of each hour of a weekday, over the hours that have data', () => {
    // 2026-03-02 is a Monday. The third of four weeks is missing, each week has 10 more than the one before.
    const series = hoursFrom(shanghai, '2026-03-02', 4 * 168, (_, i) => { const week = Math.floor(i / 168); return week === 2 ? null : 10 * week + (i % 24) })
    const rhythm = rhythmOf(series, shanghai, () => false)
    expect(rhythm.map(day => day.length)).toEqual(Array(7).fill(24))
    expect(rhythm[0]![9]).toEqual({ mean: (9 + 19 + 39) / 3, least: 9, most: 39, known: 3, of: 4, status: 'complete', oldest: shanghai.instant((readDate('2026-03-02')! * 24 + 9) * 3600), newest: shanghai.instant((readDate('2026-03-23')! * 24 + 9) * 3600) })
    expect(rhythm[6]![23]).toMatchObject({ least: 23, newest: shanghai.instant((readDate('2026-03-29')! * 24 + 23) * 3600) })
  })

  it('says no data, not zero, where no such hour has any', () => {
    const rhythm = rhythmOf(hoursFrom(shanghai, '2026-03-02', 168, (_, i) => (i < 24 ? null : 0)), shanghai, () => false)
    expect(rhythm[0]![5]).toMatchObject({ mean: null, least: null, most: null, known: 0, of: 1, status: 'none', newest: null })
    expect(rhythm[1]![5]).toMatchObject({ mean: 0, known: 1 })
    expect(busiest(rhythm)).toBeNull()
  })

  it('is worth as much as its worst hour', () => {
    const series = hoursFrom(shanghai, '2026-03-02', 2 * 168, () => 1)
    series.status[168 + 3] = 'partial'
    expect(rhythmOf(series, shanghai, () => false).map(day => day[3]!.status)).toEqual(['partial', ...Array<string>(6).fill('complete')])
  })

  it('leaves out whole days', () => {
    const holiday = readDate('2026-03-09')!
    const rhythm = rhythmOf(hoursFrom(shanghai, '2026-03-02', 2 * 168, (_, i) => (i < 168 ? 10 : 90)), shanghai, date => date === holiday)
    expect([rhythm[0]![12]!.mean, rhythm[0]![12]!.of, rhythm[1]![12]!.mean]).toEqual([10, 1, 50])
  })

  it('follows the clocks: an hour that they skip is not there, one that they show twice counts twice', () => {
    const spring = rhythmOf(hoursFrom(berlin, '2025-03-24', 167, () => 1), berlin, () => false)
    expect(spring[6]!.map(beat => beat.of)).toEqual([1, 1, 0, ...Array<number>(21).fill(1)])
    const autumn = rhythmOf(hoursFrom(berlin, '2025-10-20', 169, () => 1), berlin, () => false)
    expect(autumn[6]!.map(beat => beat.of)).toEqual([1, 1, 2, ...Array<number>(21).fill(1)])
  })

  it('knows its busiest hour', () => {
    const rhythm = rhythmOf(hoursFrom(shanghai, '2026-03-02', 168, (_, i) => (i === 5 * 24 + 19 ? 500 : 3)), shanghai, () => false)
    expect(busiest(rhythm)).toEqual({ weekday: 5, hour: 19, mean: 500 })
  })
})

describe('the calendar of a year', () => {
  it.each([[2026, 365], [2024, 366], [2100, 365]])('has every day of %i once, each under its weekday', (year, days) => {
    const dates = monthsOf(year).flatMap(month => month.weeks.flatMap(week => week.map((date, weekday) => {
      if (date != null) expect(weekdayOf(date)).toBe(weekday)
      return date
    }))).filter(date => date != null)
    expect(dates).toEqual(Array.from({ length: days }, (_, i) => firstDate(year) + i))
  })

  it('begins its weeks on Monday', () => {
    const march = monthsOf(2026)[2]!
    expect(march.weeks[0]!.map(date => date && dateText(date))).toEqual([null, null, null, null, null, null, '2026-03-01'])
  })

  it('knows what is special about each day, and that several things can be', () => {
    const entry = (from: string, to: string, kind: CalendarEntry['kind']): CalendarEntry => ({ id: null, from, to, kind, name: { zh: kind, en: kind } })
    const days = specialDays([entry('2026-09-25', '2026-10-02', 'event'), entry('2026-10-01', '2026-10-01', 'holiday')])
    expect([...days.keys()].map(dateText)).toEqual(['2026-09-25', '2026-09-26', '2026-09-27', '2026-09-28', '2026-09-29', '2026-09-30', '2026-10-01', '2026-10-02'])
    expect(days.get(readDate('2026-10-01')!)!.map(({ kind }) => kind)).toEqual(['event', 'holiday'])
  })
})
