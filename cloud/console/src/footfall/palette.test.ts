import { describe, expect, it } from 'vitest'
import { CLASSES } from './scale'
import { schemes, SCHEMES } from './palette'
import { contrast, seenAs, sights } from './sight'

describe.each(SCHEMES.flatMap(scheme => (['light', 'dark'] as const).map(name => [scheme, name] as const)))('the palette %s, %s', (scheme, name) => {
  const { classes, ink, noData, plate, selected } = schemes[scheme][name]

  it('has a fill and an ink for nobody and for each class', () => {
    expect(classes).toHaveLength(CLASSES + 1)
    expect(ink).toHaveLength(CLASSES + 1)
  })

  it.each(Object.entries(sights))('tells neighbouring classes apart, in order, with %s sight', (_, matrix) => {
    const seen = classes.map(hex => seenAs(hex, matrix))
    for (let i = 1; i < seen.length; i++) {
      const [a, b] = [seen[i - 1]!, seen[i]!]
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), `class ${i - 1} and ${i}`).toBeGreaterThan(6)
      expect(name === 'light' ? a[0] - b[0] : b[0] - a[0], `lightness of ${i - 1} and ${i}`).toBeGreaterThan(4)
    }
  })

  it('writes legibly on every fill (WCAG 1.4.3)', () => {
    classes.forEach((fill, i) => expect(contrast(fill, ink[i]!), `class ${i}`).toBeGreaterThanOrEqual(4.5))
    expect(contrast(noData.ground, noData.ink)).toBeGreaterThanOrEqual(4.5)
  })

  it('lets selection stand out from every fill (WCAG 1.4.11), by its casing where the fill is near', () => {
    for (const fill of classes) expect(Math.max(contrast(selected, fill), contrast(plate, fill))).toBeGreaterThanOrEqual(3)
  })
})
