import { describe, expect, it } from 'vitest'
import { dateText, DistrictTime, readDate, readLocal, weekdayOf } from './districtTime'

const at = (text: string) => Date.parse(text) / 1000
const local = (text: string) => readLocal(text)!

describe('the business day', () => {
  // The same cases as the cloud's own.
  it.each([
    ['Asia/Shanghai', '04:00', '2026-03-02T08:00:00Z', '2026-03-01T20:00:00Z'],
    ['Asia/Shanghai', '04:00', '2026-03-01T20:00:00Z', '2026-03-01T20:00:00Z'],
    ['Asia/Shanghai', '04:00', '2026-03-01T19:59:59Z', '2026-02-28T20:00:00Z'],
    ['Asia/Kolkata', '04:15', '2026-03-02T08:00:00Z', '2026-03-01T22:45:00Z'],
    ['America/New_York', '00:00', '2026-07-01T03:00:00Z', '2026-06-30T04:00:00Z'],
    ['Pacific/Kiritimati', '04:00', '2026-03-02T08:00:00Z', '2026-03-01T14:00:00Z'],
    ['Europe/Berlin', '02:30', '2026-03-29T12:00:00Z', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '02:30', '2026-03-29T00:59:59Z', '2026-03-28T01:30:00Z'],
    ['Europe/Berlin', '02:30', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '02:30', '2026-10-25T01:45:00Z', '2026-10-25T00:30:00Z'],
  ])('in %s with the reset at %s of %s begins at %s', (zone, reset, instant, anchor) => {
    const time = new DistrictTime(zone, reset)
    expect(time.startOfDay(time.dateAt(at(instant)))).toBe(at(anchor))
  })

  it.each([['Europe/Berlin', '2026-03-28', 23], ['Europe/Berlin', '2026-10-24', 25], ['Europe/Berlin', '2026-10-25', 24], ['Australia/Lord_Howe', '2026-04-04', 24.5], ['Asia/Shanghai', '2026-03-02', 24]])(
    'in %s of %s has %s hours', (zone, date, hours) => {
      const time = new DistrictTime(zone, '04:00')
      expect((time.startOfDay(readDate(date)! + 1) - time.startOfDay(readDate(date)!)) / 3600).toBe(hours)
    })

  it.each([['Europe/Berlin', '02:30'], ['America/New_York', '00:00'], ['Australia/Lord_Howe', '02:15'], ['Asia/Shanghai', '04:00']])('in %s with the reset at %s follows the one before without a gap', (zone, reset) => {
    const time = new DistrictTime(zone, reset)
    for (let date = readDate('2026-01-01')!; date < readDate('2027-01-01')!; date++) {
      const [start, next] = [time.startOfDay(date), time.startOfDay(date + 1)]
      expect(next - start).toBeGreaterThanOrEqual(23 * 3600)
      expect(next - start).toBeLessThanOrEqual(25 * 3600)
      expect([time.dateAt(start), time.dateAt(next - 1)]).toEqual([date, date])
    }
  })
})

describe('local time', () => {
  const berlin = new DistrictTime('Europe/Berlin', '04:00')

  it('goes to an instant and back', () => {
    for (const text of ['2026-01-05T10:00', '2026-07-05T10:00', '2026-03-29T03:00', '2026-10-25T04:00']) expect(berlin.local(berlin.instant(local(text)))).toBe(local(text))
  })

  it('that the clocks skip is the first instant after it, and does not exist', () => {
    expect(berlin.instant(local('2026-03-29T02:30'))).toBe(at('2026-03-29T01:00:00Z'))
    expect(berlin.exists(local('2026-03-29T02:30'))).toBe(false)
    expect(berlin.exists(local('2026-03-29T03:00'))).toBe(true)
  })

  it('that they show twice is the first of the two', () => {
    expect(berlin.instant(local('2026-10-25T02:30'))).toBe(at('2026-10-25T00:30:00Z'))
    expect([berlin.local(at('2026-10-25T00:30:00Z')), berlin.local(at('2026-10-25T01:30:00Z'))]).toEqual([local('2026-10-25T02:30'), local('2026-10-25T02:30')])
  })

  it('is read as it is written, and nothing else is', () => {
    expect(dateText(readDate('2026-02-28')!)).toBe('2026-02-28')
    for (const wrong of ['2026-02-30', '2026-2-3', '', 'yesterday', '2026-13-01']) expect(readDate(wrong), wrong).toBeNull()
    for (const wrong of ['2026-02-28', '2026-02-28T24:00', '2026-02-28T10:60', '2026-02-28 10:00']) expect(readLocal(wrong), wrong).toBeNull()
    expect(['2026-11-16', '2026-11-22', '1969-12-29'].map(text => weekdayOf(readDate(text)!))).toEqual([0, 6, 0])
  })
})
