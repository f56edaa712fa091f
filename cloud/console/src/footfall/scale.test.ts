import { describe, expect, it } from 'vitest'
import { adjustScale, CLASSES, classOf, classRanges, reach, scaleFor } from './scale'

describe('scale', () => {
  it('gives zero a class of its own and no data none', () => {
    const scale = scaleFor(100)
    expect(classOf(scale, 0)).toBe(0)
    expect(classOf(scale, null)).toBeNull()
    expect(classOf(scale, undefined)).toBeNull()
    expect(classOf(scale, 1)).toBe(1)
  })

  it('puts every number of people into the one class whose range names it', () => {
    for (const top of [20, 60, 300, 20_000]) {
      const scale = scaleFor(top)
      const ranges = classRanges(scale)
      for (let n = 1; n <= top + 5; n += Math.max(1, top / 60 | 0)) {
        const found = ranges.findIndex(({ from, to }) => n >= from && (to == null || n <= to))
        expect(classOf(scale, n)).toBe(found + 1)
      }
      expect(ranges).toHaveLength(CLASSES)
      expect(ranges.every(({ from, to }) => to == null || to >= from)).toBe(true)
    }
  })

  it('stays while values fit it, so that a colour keeps its meaning', () => {
    const scale = adjustScale(null, 180)
    expect(scale.top).toBe(200)
    expect(adjustScale(scale, 60)).toBe(scale)
    expect(adjustScale(scale, 200)).toBe(scale)
  })

  it('grows past its top, and shrinks only when three quarters of it lie idle', () => {
    const scale = scaleFor(200)
    expect(adjustScale(scale, 201).top).toBe(300)
    expect(adjustScale(scale, 50)).toBe(scale)
    expect(adjustScale(scale, 49).top).toBe(60)
  })

  it('is made for all zones, not for the one that is crowded', () => {
    const values = [...Array.from({ length: 99 }, (_, i) => i), 5000]
    const scale = adjustScale(null, reach(values))
    expect(values.filter(n => classOf(scale, n) === CLASSES).length).toBeGreaterThan(0)
    expect(scale.top).toBeLessThan(300)
    expect(reach([])).toBe(0)
  })

  it('has limits for any crowd', () => expect(adjustScale(null, 250_000).top).toBe(300_000))
})
