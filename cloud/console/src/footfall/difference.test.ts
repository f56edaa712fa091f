import { describe, expect, it } from 'vitest'
import { classOfDifference, differenceScale, SIDE } from './difference'
import { differencePalette } from './differencePalette'
import { contrast, sights, seenAs } from './sight'

describe('the scale of differences', () => {
  it('is the same for fewer and for more, with "about the same" between', () => {
    const scale = differenceScale(200)
    expect(scale.limits).toEqual([6, 20, 60])
    expect([-500, -60, -20, -6, -5.9, 0, 5.9, 6, 20, 60, 500].map(d => classOfDifference(scale, d))).toEqual([0, 0, 1, 2, 3, 3, 3, 4, 5, 6, 6])
  })

  it('has whole limits that grow, also for few people', () => {
    for (const top of [1, 20, 60, 1000, 40_000]) {
      const { limits } = differenceScale(top)
      expect(limits.every((limit, i) => Number.isInteger(limit) && limit > (limits[i - 1] ?? 0))).toBe(true)
    }
  })

  it('gives no class to what is not known', () => expect(classOfDifference(differenceScale(20), null)).toBeNull())
})

describe.each(['light', 'dark'] as const)('the %s palette of differences', name => {
  const { classes, ink, selected, plate } = differencePalette(name)

  it.each(Object.entries(sights).filter(([sight]) => sight !== 'grey'))('tells fewer from more, and neighbours apart, with %s sight', (_, matrix) => {
    const seen = classes.map(hex => seenAs(hex, matrix))
    const apart = (a: number, b: number) => Math.hypot(...seen[a]!.map((c, i) => c - seen[b]![i]!))
    for (let size = 1; size <= SIDE; size++) expect(apart(SIDE - size, SIDE + size), `${size} to either side`).toBeGreaterThan(12)
    for (let i = 1; i < classes.length; i++) expect(apart(i - 1, i), `class ${i - 1} and ${i}`).toBeGreaterThan(9)
  })

  it('goes the same way in lightness to both sides, so that size survives a grey print', () => {
    const light = classes.map(hex => seenAs(hex, sights.normal!)[0]!)
    for (let size = 1; size <= SIDE; size++) for (const side of [-1, 1]) {
      const step = light[SIDE + side * size]! - light[SIDE + side * (size - 1)]!
      expect(name === 'light' ? -step : step, `${side * size}`).toBeGreaterThan(4)
    }
  })

  it('writes legibly on every fill', () => classes.forEach((fill, i) => expect(contrast(fill, ink[i]!), `class ${i}`).toBeGreaterThanOrEqual(4.5)))

  it('lets selection stand out from every fill, by its casing where the fill is near', () => {
    for (const fill of classes) expect(Math.max(contrast(selected, fill), contrast(plate, fill))).toBeGreaterThanOrEqual(3)
  })
})
