import { describe, expect, it } from 'vitest'
import { fruinLevel } from './fruin'
import { legendOf, scaleOf, shadeOf, valueOf } from './measure'
import { scaleFor } from './scale'
import { someNumbers } from './testing'

describe('Fruin’s walkway levels', () => {
  it.each([[0, 'A'], [0.309, 'A'], [0.31, 'B'], [0.43, 'C'], [0.719, 'C'], [0.72, 'D'], [1.08, 'E'], [2.149, 'E'], [2.15, 'F'], [7, 'F']])(
    'put %f people/m² into level %s', (density, level) => expect(fruinLevel(density)).toBe(level))

  it('colour a zone by the same limits that they are told by', () => {
    const scale = scaleOf('density', null, 0)
    for (const density of [0.1, 0.31, 0.43, 0.72, 1.08, 2.15, 3]) expect('.ABCDEF'[shadeOf(scale, density) as number]).toBe(fruinLevel(density))
  })

  it('do not change with what is on the map', () => expect(scaleOf('density', scaleFor(1000), 9000)).toEqual(scaleOf('density', null, 0)))
})

describe('what a zone’s colour says', () => {
  const numbers = someNumbers({ entries: 12, occupancy: 40 })

  it('is entries, occupancy, or people by area', () => {
    expect(valueOf('footfall', numbers, 200)).toBe(12)
    expect(valueOf('occupancy', numbers, 200)).toBe(40)
    expect(valueOf('density', numbers, 200)).toBe(0.2)
  })

  it('is n/a where occupancy or area is not known, and no data where nothing is', () => {
    expect(valueOf('density', numbers, null)).toBe('na')
    expect(valueOf('density', someNumbers({ occupancy: null }), 200)).toBe('na')
    expect(valueOf('occupancy', someNumbers({ occupancy: null }), 200)).toBe('na')
    expect(valueOf('density', null, 200)).toBeNull()
  })

  it('has a legend whose classes meet', () => {
    expect(legendOf('density', scaleOf('density', null, 0)).map(c => [c.letter, c.from, c.to])).toEqual(
      [['A', 0, 0.31], ['B', 0.31, 0.43], ['C', 0.43, 0.72], ['D', 0.72, 1.08], ['E', 1.08, 2.15], ['F', 2.15, null]])
    expect(legendOf('footfall', scaleFor(100)).map(c => c.from)).toEqual([1, 6, 16, 31, 51, 76])
  })
})
