import { describe, expect, it } from 'vitest'
import { adjustScale, CLASSES, classOf, classRanges, reach, scaleFor, stepScale } from './scale'

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

describe('the scale of a calendar', () => {
  it('has even steps from the few to the many', () => {
    const scale = stepScale(Array.from({ length: 360 }, (_, i) => 10_000 + i * 37))
    expect(scale.limits).toEqual([15_000, 20_000, 25_000, 30_000, 35_000])
    expect([10_000, 15_000, 15_001, 23_000].map(n => classOf(scale, n))).toEqual([1, 1, 2, 3])
  })

  it('does not make much of little', () => {
    const scale = stepScale([140_000, 140_400, 140_900, 141_300, 141_900])
    expect(new Set([140_000, 141_900].map(n => classOf(scale, n))).size).toBe(1)
  })

  it.each([[[]], [[0, 0, 0]], [[7]], [[5, 5, 5, 5]], [[1, 2, 3]]])('has whole limits that grow, of %j too', values => {
    const { limits } = stepScale(values)
    expect(limits).toHaveLength(CLASSES - 1)
    expect(limits.every((limit, i) => Number.isInteger(limit) && limit > (limits[i - 1] ?? 0))).toBe(true)
  })
})
