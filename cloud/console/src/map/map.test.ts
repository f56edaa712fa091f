import { describe, expect, it } from 'vitest'
import { readTime, writeTime } from './address'
import { crossing, joinAt } from './direction'
import { labelFor, NAME_UP, NUMBER_DOWN, roomIn, spanAt, textWidth } from './labels'
import { projectionsOf } from './projection'
import { scaleBar } from './scaleBar'
import { covers, shapeOf } from './shape'

describe('the direction of a counting line', () => {
  const joins = [{ since: '2026-03-01T00:00:00+08:00', from: 'b', to: 'c' }, { since: '2026-01-01T00:00:00+08:00', from: 'outside', to: 'a' }]
  const at = (text: string) => Date.parse(text) / 1000

  it('is that of the time on screen: a line may have moved', () => {
    expect(joinAt(joins, at('2026-02-01T00:00:00Z'))?.to).toBe('a')
    expect(joinAt(joins, at('2026-06-01T00:00:00Z'))?.to).toBe('c')
    expect(joinAt(joins, at('2025-06-01T00:00:00Z'))).toBeNull()
  })

  it('points into the zone that people enter', () => {
    expect(crossing([0, 0], [2, 0], undefined, [1, 5])).toEqual([-0, 1])
    expect(crossing([0, 0], [2, 0], undefined, [1, -5])).toEqual([0, -1])
  })

  it('points away from the zone they leave where they go outside', () => expect(crossing([0, 0], [2, 0], [1, 5], undefined)).toEqual([0, -1]))

  it('is not drawn where it is not known', () => {
    expect(crossing([0, 0], [2, 0], undefined, undefined)).toBeNull()
    expect(crossing([1, 1], [1, 1], undefined, [0, 0])).toBeNull()
  })
})

describe('labels', () => {
  const block = (along: number, across: number) => roomIn([[0, 0], [along, 0], [along, across], [0, across], [0, 0]], [along / 2, across / 2], Math.min(along, across) / 2)
  /** A square on its corner. */
  const diamond = (half: number) => roomIn([[half, 0], [0, half], [-half, 0], [0, -half], [half, 0]], [0, 0], half / Math.SQRT2)

  const words = (name: number | null, number: number, stacked: boolean) => ({ name: name && { size: name, aside: 0 }, number: { size: number, aside: 0 }, stacked })

  it.each([
    ['中央广场', '128', block(120, 60), words(12, 15, true)],
    ['中央广场', '128', block(51, 60), words(11, 15, true)],
    ['中央广场', '128', block(51, 38), words(11, 12, true)],
    ['中央广场', '128', block(40, 30), words(null, 15, false)],
    ['中央广场', '128', block(28, 14), words(null, 12, false)],
    ['中央广场', '128', block(20, 20), null],
    ['滨江步道', '56', block(160, 18), words(12, 15, false)],
    ['', '128', block(120, 60), words(null, 15, false)],
    ['水手酒吧', '8', diamond(46), words(12, 15, true)],
    ['水手酒吧', '8', diamond(41), words(11, 15, false)],
    ['百货大楼', '8', roomIn([[0, 0], [60, 0], [60, 60], [40, 60], [40, 30], [0, 30], [0, 0]], [50, 30], 10), words(null, 15, false)],
    ['水手酒吧', '8', diamond(30), words(null, 15, false)],
  ])('%s, %s are as large as they fit, the name left out before the number', (name, number, room, label) => expect(labelFor(room, 1, name, number)).toEqual(label))

  it.each([
    ['a block', block(100, 60), [[0, 20, -50, 50], [20, 20, -50, 50], [21, 20, 0, 0]]],
    ['a square on its corner', diamond(50), [[0, 20, -40, 40], [20, 20, -20, 20], [-20, 20, -20, 20], [45, 20, 0, 0]]],
    ['a block with a corner cut out', roomIn([[0, 0], [100, 0], [100, 40], [60, 40], [60, 60], [0, 60], [0, 0]], [50, 30], 20), [[0, 18, -50, 50], [15, 20, -50, 10]]],
  ])('have between the edges of %s what is free at their height', (_, room, spans) => {
    for (const [up, height, left, right] of spans) {
      const span = spanAt(room, up!, height!)
      expect(span[0]).toBeCloseTo(left!, 9)
      expect(span[1]).toBeCloseTo(right!, 9)
    }
  })

  it('lie within the zone, however it is turned', () => {
    for (let degrees = 0; degrees < 90; degrees += 3) {
      const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
      const ring = [[-32, -26], [32, -26], [32, 26], [-32, 26], [-32, -26]].map(([x, y]) => [x! * cos - y! * sin, x! * sin + y! * cos] as const)
      const zone = shapeOf('z', 0, ring, null, { centre: [0, 0], radius: 26 })
      const { name, number, stacked } = labelFor(zone.room, 1, '水手酒吧', '123')!
      expect(stacked).toBe(true)
      for (const [{ size, aside }, text, up] of [[name!, '水手酒吧', NAME_UP], [number, '123', -NUMBER_DOWN]] as const) {
        for (const x of [-1, 1]) for (const y of [-1, 1]) {
          expect(covers(zone, [aside + (x * textWidth(text, size)) / 2, up * number.size + (y * size) / 2])).toBe(true)
        }
      }
    }
  })

  it('run along a street, level in a block', () => {
    const street = roomIn([[0, 0], [100, 100], [93, 107], [-7, 7], [0, 0]], [46.5, 53.5], 5)
    expect(street.angle).toBeCloseTo(Math.PI / 4, 5)
    expect(spanAt(street, 0, 9)[1]).toBeCloseTo(Math.hypot(50, 50), 5)
    expect(spanAt(street, 0, 11)).toEqual([0, 0])
    expect(roomIn([[0, 0], [60, 20], [40, 80], [-20, 60], [0, 0]], [20, 40], 30).angle).toBe(0)
  })
})

describe('the scale bar', () => {
  it.each([[1.2, 100], [0.1, 5], [0.02, 1], [40, 2000], [9, 500]])('at %f m/px is the longest round length that fits: %i m', (resolution, metres) => {
    const bar = scaleBar(resolution, 96)
    expect(bar.metres).toBe(metres)
    expect(bar.pixels).toBeLessThanOrEqual(96)
  })
})

describe('coordinates', () => {
  it('of a street map are projected, of a floor plan kept as metres', () => {
    expect(projectionsOf('wgs84').view.getCode()).toBe('EPSG:3857')
    const plan = projectionsOf('local-metres')
    expect(plan.data).toBe(plan.view)
    expect(plan.view.getMetersPerUnit()).toBe(1)
  })
})

describe('the address', () => {
  it('keeps the time to the minute, in UTC', () => {
    const time = Date.parse('2026-06-12T12:30:00+08:00') / 1000
    expect(writeTime(time)).toBe('2026-06-12T04:30Z')
    expect(readTime(writeTime(time))).toBe(time)
  })

  it.each([undefined, null, '', 'yesterday', ['2026-06-12T04:30Z']])('takes %j for live', value => expect(readTime(value as never)).toBeNull())
})
