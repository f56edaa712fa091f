import { describe, expect, it } from 'vitest'
import type { ZoneFootfall } from '../api/types'
import { knownEntries, numbersAt, takeIn, totals, type Day } from './day'

type Cell = { start: number; entries: number | null; revision: number | null; status?: string }

const answer = (zone: string, cells: Cell[]) => ({
  bucket: '15m', bucketSeconds: 900, from: 0, to: 0, starts: cells.map(cell => cell.start),
  zones: [{
    zone,
    entries: cells.map(cell => cell.entries), exits: cells.map(() => null), unplacedEntries: [], unplacedExits: [],
    occupancy: cells.map(() => null), occupancyStatus: [], occupancyDrift: [], expected: [], received: [],
    status: cells.map(cell => cell.status ?? 'complete'), revision: cells.map(cell => cell.revision),
  }],
}) as unknown as ZoneFootfall

describe('the day', () => {
  const empty: Day = new Map()

  it('keeps null apart from zero', () => {
    const day = takeIn(empty, answer('a', [{ start: 0, entries: null, revision: null, status: 'none' }, { start: 900, entries: 0, revision: 1 }]), 0)
    expect(numbersAt(day, 'a', 0)).toMatchObject({ entries: null, status: 'none', occupancy: null })
    expect(numbersAt(day, 'a', 900)).toMatchObject({ entries: 0, status: 'complete' })
    expect(totals(day, [0, 900, 1800])).toEqual([null, 0, null])
  })

  it('takes a later revision of a bucket, and never goes back to an earlier one', () => {
    const first = takeIn(empty, answer('a', [{ start: 0, entries: 5, revision: 7 }]), 0)
    const revised = takeIn(first, answer('a', [{ start: 0, entries: 6, revision: 9, status: 'repaired' }]), 0)
    expect(numbersAt(revised, 'a', 0)).toMatchObject({ entries: 6, status: 'repaired' })
    expect(numbersAt(takeIn(revised, answer('a', [{ start: 0, entries: 5, revision: 7 }]), 0), 'a', 0)?.entries).toBe(6)
  })

  it('adds new buckets and lets old ones go', () => {
    const day = takeIn(takeIn(empty, answer('a', [{ start: 0, entries: 5, revision: 1 }, { start: 900, entries: 8, revision: 1 }]), 0), answer('a', [{ start: 1800, entries: 2, revision: 2 }]), 900)
    expect(numbersAt(day, 'a', 0)).toBeNull()
    expect(totals(day, [900, 1800])).toEqual([8, 2])
    expect(knownEntries(day)).toEqual([8, 2])
  })
})
