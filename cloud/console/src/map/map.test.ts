import { describe, expect, it } from 'vitest'
import { readTime, writeTime } from './address'
import { crossing, joinAt } from './direction'
import { labelFor, roomIn } from './labels'
import { projectionsOf } from './projection'
import { scaleBar } from './scaleBar'

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
  it('shrink, then lose the name, then vanish as a zone gets smaller', () => {
    expect(labelFor(120, 60, '中央广场', '128')).toEqual({ name: 12, number: 15, stacked: true })
    expect(labelFor(51, 60, '中央广场', '128')).toEqual({ name: 11, number: 15, stacked: true })
    expect(labelFor(40, 30, '中央广场', '128')).toEqual({ name: null, number: 15, stacked: false })
    expect(labelFor(28, 14, '中央广场', '128')).toEqual({ name: null, number: 12, stacked: false })
    expect(labelFor(20, 20, '中央广场', '128')).toBeNull()
  })

  it('stand in one line where the zone is long and narrow', () =>
    expect(labelFor(160, 18, '滨江步道', '56')).toEqual({ name: 12, number: 15, stacked: false }))

  it('run along a street, level in a block', () => {
    const street = [[0, 0], [100, 100], [93, 107], [-7, 7], [0, 0]]
    const room = roomIn(street, 5)
    expect(room.angle).toBeCloseTo(Math.PI / 4, 5)
    expect(room.across).toBeCloseTo(9.9, 1)
    expect(roomIn([[0, 0], [60, 20], [40, 80], [-20, 60], [0, 0]], 30).angle).toBe(0)
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
