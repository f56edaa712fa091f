import { describe, expect, it } from 'vitest'
import { headline, sumKnown } from './numbers'
import { byName, ranked, search } from './ranking'
import { someNumbers } from './testing'

describe('headline', () => {
  const numbers = {
    a: someNumbers({ entries: 10, occupancy: 5, occupancyStatus: 'partial', status: 'repaired' }),
    b: someNumbers({ entries: 0, occupancy: null }),
    c: someNumbers({ entries: null, occupancy: null, status: 'none' }),
  }
  const of = (id: string) => numbers[id as keyof typeof numbers] ?? null

  it('adds what is known, says of how many zones, and is worth what its worst part is', () =>
    expect(headline(['a', 'b', 'c', 'd'], of)).toEqual({ people: 5, peopleZones: 1, peopleTrust: 'partial', entries: 10, entriesTrust: 'repaired', withData: 2, zones: 4 }))

  it('knows no number where nothing is known: not zero', () => {
    expect(headline(['c', 'd'], of)).toEqual({ people: null, peopleZones: 0, peopleTrust: 'none', entries: null, entriesTrust: 'none', withData: 0, zones: 2 })
    expect(sumKnown([])).toBeNull()
    expect(sumKnown([0, null])).toBe(0)
  })
})

describe('the list of zones', () => {
  const zones = [{ id: 'z1', name: 'Quay', kind: 'street' }, { id: 'z2', name: 'Plaza', kind: 'plaza' }, { id: 'z3', name: 'Hall', kind: 'hall' }]
  const entries: Record<string, number | null> = { z1: 0, z2: null, z3: 8 }
  const of = (id: string) => someNumbers({ entries: entries[id] ?? null, occupancy: null })
  const compare = (a: string, b: string) => a.localeCompare(b)
  const names = (list: typeof zones) => list.map(zone => zone.name)

  it('puts the busiest first and what has no data last, after zero', () =>
    expect(names(ranked(byName(zones, compare), of, 'entries'))).toEqual(['Hall', 'Quay', 'Plaza']))

  it('falls back to the name where nothing is known', () =>
    expect(names(ranked(byName(zones, compare), of, 'occupancy'))).toEqual(['Hall', 'Plaza', 'Quay']))

  it('finds by part of the name in any case, or by id', () => {
    expect(names(search(zones, ' qU '))).toEqual(['Quay'])
    expect(names(search(zones, 'z3'))).toEqual(['Hall'])
    expect(search(zones, '')).toHaveLength(3)
  })
})
