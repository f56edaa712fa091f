import { describe, expect, it } from 'vitest'
import type { LiveZone } from '../api/types'
import { liveNumbers } from './live'
import { applyChanged, applyDelta, applySnapshot, type LiveZones } from './merge'

const zone = (over: Partial<LiveZone> = {}): LiveZone => ({
  zone: 'a', start: 600, entries: 1, exits: 0, unplacedEntries: 0, unplacedExits: 0, last15Entries: 10, last15Exits: 8, last15UnplacedEntries: 3, last15UnplacedExits: 2,
  occupancy: 3, occupancyStatus: 'complete', status: 'provisional', revision: 5, lagMs: 120, ...over,
})
const event = (at: number, ...zones: LiveZone[]) => ({ at, zones, devices: [] })
const seen = (zones: LiveZones, id = 'a') => zones.get(id)?.zone

describe('live merging', () => {
  it('takes a snapshot, then deltas', () => {
    const zones: LiveZones = new Map()
    expect(applySnapshot(zones, event(1, zone(), zone({ zone: 'b' })))).toEqual(['a', 'b'])
    expect(applyDelta(zones, event(2, zone({ entries: 2, revision: 6 })))).toEqual(['a'])
    expect(seen(zones)?.entries).toBe(2)
    expect(seen(zones, 'b')?.entries).toBe(1)
  })

  it('keeps the highest revision of a minute, in whatever order they come', () => {
    const orders = [[5, 6, 7], [7, 6, 5], [6, 7, 5], [5, 7, 6]]
    for (const order of orders) {
      const zones: LiveZones = new Map()
      order.forEach((revision, i) => applyDelta(zones, event(i, zone({ revision, entries: revision }))))
      expect(seen(zones)?.entries).toBe(7)
    }
  })

  it('goes on to the next minute though its revisions begin lower', () => {
    const zones: LiveZones = new Map()
    applyDelta(zones, event(1, zone({ revision: 900 })))
    expect(applyDelta(zones, event(2, zone({ start: 660, revision: 3 })))).toEqual(['a'])
    expect(seen(zones)?.start).toBe(660)
  })

  it('lets a silent zone fall back to its last minute with data, but no older event', () => {
    const zones: LiveZones = new Map()
    applyDelta(zones, event(5, zone({ start: 660, entries: null, revision: null, status: 'none' })))
    applyDelta(zones, event(6, zone({ start: 600, status: 'stale' })))
    expect(seen(zones)?.status).toBe('stale')
    expect(applyDelta(zones, event(4, zone({ start: 660 })))).toEqual([])
  })

  it('forgets zones that a new snapshot does not have', () => {
    const zones: LiveZones = new Map()
    applySnapshot(zones, event(1, zone(), zone({ zone: 'b' })))
    expect(applySnapshot(zones, event(2, zone()))).toEqual(['b', 'a'])
    expect(zones.has('b')).toBe(false)
  })
})

describe('live numbers', () => {
  it('are of the 15 minutes that end with the running one', () =>
    expect(liveNumbers(zone(), false)).toMatchObject({ start: -240, end: 660, entries: 13, exits: 10, unplacedEntries: 3, unplacedExits: 2, minute: { start: 600, entries: 1, exits: 0 } }))

  it('become stale with the stream, but no data stays no data', () => {
    expect(liveNumbers(zone(), true).status).toBe('stale')
    expect(liveNumbers(zone({ status: 'none', last15Entries: null, last15UnplacedEntries: null }), true).status).toBe('none')
  })

  it('are partial when the newest minute is missing from the 15', () =>
    expect(liveNumbers(zone({ status: 'none', entries: null }), false).status).toBe('partial'))

  it('do not vouch for a status that is not known here', () =>
    expect(liveNumbers(zone({ status: 'splendid' as never }), false).status).toBe('partial'))
})

describe('merging what stands and drives', () => {
  const [a, b, c] = [{ id: 'a', at: 1 }, { id: 'b', at: 1 }, { id: 'c', at: 1 }]

  it('begins with all of them, and with all of them anew after a reconnection', () => {
    expect(applyChanged([], [a, b], 2)).toEqual([a, b])
    expect(applyChanged([a, b], [b, c], 2)).toEqual([b, c])
    expect(applyChanged([a, b], [], 0)).toEqual([])
  })

  it('changes those that are told of, in their places, and leaves the others the same objects', () => {
    const next = applyChanged([a, b, c], [{ id: 'b', at: 2 }], 3)
    expect(next).toEqual([a, { id: 'b', at: 2 }, c])
    expect(next[0]).toBe(a)
  })
})
