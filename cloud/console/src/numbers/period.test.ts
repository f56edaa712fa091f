import { describe, expect, it } from 'vitest'
import { readDate } from '../time/districtTime'
import { comparedWith, isoWeek, kindOf, periodName, type Kind } from './period'

describe('a period by its date', () => {
  it.each<[Kind, string, string]>([
    ['day', '2026-03-02', '2026-03-02'],
    ['week', '2026-03-02', '2026-W10'],
    ['week', '2026-03-08', '2026-W10'],
    ['week', '2025-12-29', '2026-W01'],
    ['week', '2027-01-03', '2026-W53'],
    ['month', '2026-03-31', '2026-03'],
    ['year', '2026-12-31', '2026'],
  ])('is called by the %s of %s', (kind, date, name) => {
    expect(periodName(kind, readDate(date)!)).toBe(name)
    expect(kindOf(name)).toBe(kind)
  })

  it.each<[string, string, string, string | null]>([
    ['day', '2026-03-02', '2026-03-01', '2026-02-23'],
    ['week', '2026-W10', '2026-W09', '2026-W09'],
    ['month', '2026-03', '2026-02', '2026-02'],
    ['year', '2026', '2025', null],
  ])('of a %s, %s, is compared with its like', (kind, name, previous, like) =>
    expect(comparedWith({ kind, name, from: 0, to: 1, provisionalUntil: null }, previous)).toBe(like))

  it('has the week that ISO 8601 gives', () => {
    for (let date = readDate('2020-01-01')!; date < readDate('2031-01-01')!; date++) {
      const { year, week } = isoWeek(date)
      const next = isoWeek(date + 7)
      expect(next.week === week + 1 ? next.year === year : next.week === 1 && next.year === year + 1 && week >= 52).toBe(true)
    }
  })
})
