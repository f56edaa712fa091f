import { describe, expect, it } from 'vitest'
import { bucketsOf, type Step } from './buckets'
import { compared } from './compared'
import { DistrictTime, readDate } from './districtTime'
import { readComparison, referencesOf } from './shift'

const at = (text: string) => Date.parse(text) / 1000
const berlin = new DistrictTime('Europe/Berlin', '04:00')
const shanghai = new DistrictTime('Asia/Shanghai', '04:00')
const refs = (comparison: string, step: Step, time: DistrictTime, instant: string) => {
  const buckets = bucketsOf(step, time)
  return referencesOf(comparison, buckets, time, buckets.indexOf(at(instant))).map(index => (index == null ? null : new Date(buckets.startOf(index) * 1000).toISOString().slice(0, 16)))
}

describe('the time compared with', () => {
  it('is the same weekday and hour', () => {
    expect(refs('week', '15m', shanghai, '2026-06-12T11:30:00Z')).toEqual(['2026-06-05T11:30'])
    expect(refs('weeks4', '1h', shanghai, '2026-06-12T11:00:00Z')).toEqual(['2026-06-05T11:00', '2026-05-29T11:00', '2026-05-22T11:00', '2026-05-15T11:00'])
    expect(refs('year', '15m', shanghai, '2026-06-12T11:30:00Z')).toEqual(['2025-06-13T11:30'])
  })

  it('is the same hour on the clocks on both sides of their change', () => {
    expect(refs('week', '15m', berlin, '2026-04-01T10:00:00Z')).toEqual(['2026-03-25T11:00'])
    expect(refs('week', '15m', berlin, '2026-10-28T11:00:00Z')).toEqual(['2026-10-21T10:00'])
  })

  it('is nothing where the clocks skipped the hour', () => {
    expect(refs('week', '15m', berlin, '2026-04-05T00:15:00Z')).toEqual([null])
    expect(refs('week', '15m', berlin, '2026-04-05T01:15:00Z')).toEqual(['2026-03-29T01:15'])
  })

  it('of both hours that the clocks show twice is the one of a week before', () => {
    expect(refs('week', '1h', berlin, '2026-10-25T00:00:00Z')).toEqual(['2026-10-18T00:00'])
    expect(refs('week', '1h', berlin, '2026-10-25T01:00:00Z')).toEqual(['2026-10-18T00:00'])
  })

  it('of a chosen day is the same hour of that business day, also after midnight', () => {
    expect(refs('2026-05-01', '15m', shanghai, '2026-06-12T11:30:00Z')).toEqual(['2026-05-01T11:30'])
    // 02:00 on the 13th belongs to the 12th, so 02:00 on the 2nd to the 1st
    expect(refs('2026-05-01', '15m', shanghai, '2026-06-12T18:00:00Z')).toEqual(['2026-05-01T18:00'])
  })

  it('of a day is a day', () => {
    const buckets = bucketsOf('1d', berlin)
    const date = readDate('2026-04-01')!
    expect(referencesOf('week', buckets, berlin, date)).toEqual([date - 7])
    expect(referencesOf('2026-01-01', buckets, berlin, date)).toEqual([readDate('2026-01-01')!])
  })

  it('is read from a link, and nothing else is', () => {
    expect(['week', 'weeks4', 'year', '2026-05-01'].map(readComparison)).toEqual(['week', 'weeks4', 'year', '2026-05-01'])
    expect([null, '', 'month', '2026-02-30'].map(readComparison)).toEqual([null, null, null, null])
  })
})

describe('a comparison', () => {
  const cell = (value: number | null, status: 'complete' | 'partial' = 'complete') => ({ value, status: value == null ? ('none' as const) : status })

  it('is with the mean of the weeks that have data, and says how many they are', () => {
    expect(compared(cell(30), [cell(10), cell(null), cell(30), null])).toEqual({ now: 30, then: 20, known: 2, of: 4, difference: 10, status: 'complete' })
  })

  it('is worth what its worst number is', () => expect(compared(cell(30), [cell(10), cell(20, 'partial')]).status).toBe('partial'))

  it('is nothing where either side has no data, which is not zero', () => {
    expect(compared(cell(null), [cell(10)])).toMatchObject({ then: 10, difference: null, status: 'none' })
    expect(compared(cell(5), [cell(null)])).toMatchObject({ now: 5, then: null, difference: null, status: 'none' })
    expect(compared(cell(0), [cell(0)])).toMatchObject({ difference: 0, status: 'complete' })
  })
})
