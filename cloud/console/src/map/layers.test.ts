import { computed, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import type { LineFootfall } from '../api/types'
import type { DistrictPlan } from '../district/useDistrict'
import { readLayers, readLevel } from './address'
import { useLayers } from './layers'
import { firstLevel, levelsOf } from './levels'
import { placing, vectorsOf } from './plans'
import { ratesOf } from './rates'
import { covers, nextZone, shapeOf, type Point } from './shape'

const square = (id: string, x: number, y: number, side = 10) =>
  shapeOf(id, 0, [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]], null, { centre: [x + side / 2, y + side / 2], radius: side / 2 })

describe('layers', () => {
  const all = computed(() => [{ id: 'lines', label: '', shown: true }, { id: 'devices', label: '', shown: false }])

  it('are as they begin until somebody chooses; the link keeps only what was chosen', () => {
    const chosen = ref<readonly string[] | null>(null)
    const layers = useLayers(all, chosen)
    expect([layers.shows('lines'), layers.shows('devices')]).toEqual([true, false])
    layers.toggle('devices')
    expect(chosen.value).toEqual(['lines', 'devices'])
    layers.toggle('devices')
    expect(chosen.value).toBeNull()
  })

  it('can all be off, which a link says by an empty list', () => {
    const chosen = ref(readLayers(''))
    expect(useLayers(all, chosen as never).shows('lines')).toBe(false)
    expect(readLayers(undefined)).toBeNull()
    expect(readLayers('lines,<b>,devices')).toEqual(['lines', 'devices'])
  })
})

describe('levels', () => {
  const plan = (...levels: number[]) => ({ district: { levels: [{ level: -1, name: { zh: '地下', en: 'Basement' } }] }, zones: { features: levels.map(level => ({ properties: { level } })) } }) as unknown as DistrictPlan

  it('lie as in the building, named where the district names them', () =>
    expect(levelsOf(plan(0, 2, 0)).map(({ level, name }) => [level, name?.en ?? null])).toEqual([[2, null], [0, null], [-1, 'Basement']]))

  it('begin with the street, else with the one nearest to it', () => {
    expect(firstLevel(levelsOf(plan(3, 0)))).toBe(0)
    expect(firstLevel([{ level: 3, name: null }, { level: 2, name: null }])).toBe(2)
  })

  it.each([['1', 1], ['-2', -2], ['0', 0], ['1.5', null], ['up', null], ['9999', null], [undefined, null]])('%s in a link is %s', (text, level) => expect(readLevel(text as string)).toBe(level))
})

describe('the form of a zone', () => {
  it('is met within its outline, a street from beside it too', () => {
    const zone = square('a', 0, 0)
    expect([covers(zone, [5, 5]), covers(zone, [11, 5])]).toEqual([true, false])
    const street = shapeOf('s', 0, [[0, 0], [100, 0]], 8)
    expect([covers(street, [50, 3.9]), covers(street, [50, 4.5]), covers(street, [50, 4.5], 1)]).toEqual([true, false, true])
  })

  it('has its words upright along the longest part of a street', () => {
    const { room, centre } = shapeOf('s', 0, [[0, 0], [0, 5], [-90, 5]], 8)
    expect(centre).toEqual([-45, 5])
    expect(room.angle).toBeCloseTo(0)
  })
})

describe('the arrow keys', () => {
  const zones = [square('middle', 0, 0), square('right', 20, 1), square('far right', 40, 0), square('up', 1, 20), square('aside', 12, 60)]
  const from: Point = [5, 5]

  it.each([['right', 'right'], ['up', 'up'], ['left', null], ['down', null]] as const)('%s goes to %s', (way, id) => expect(nextZone(zones, from, way, 'middle')?.id ?? null).toBe(id))
})

describe('the rate of a line', () => {
  const answer = (entries: (number | null)[], unplaced: (number | null)[]) => ({ bucketSeconds: 60, lines: [{ line: 'a', entries, exits: entries.map(() => null), unplacedEntries: unplaced, unplacedExits: [] }] }) as unknown as LineFootfall

  it('is the mean of the minutes that are known, with those whose minute is not', () => expect(ratesOf(answer([4, null, 8], [0, null, 6])).get('a')).toEqual({ in: 9, out: null }))
  it('is not known where no minute is', () => expect(ratesOf(answer([null], [null])).get('a')).toEqual({ in: null, out: null }))
})

describe('a floor plan', () => {
  it('lies where it is said to lie, turned counter-clockwise', () => {
    const place = placing([100, 50], 90, 2)
    const [x, y] = place(10, 0)
    expect([x, y].map(Math.round)).toEqual([100, 70])
  })

  it('of GeoJSON has rooms, walls and words; what is neither is left out', () => {
    const feature = (type: string, coordinates: unknown, properties: unknown = {}) => ({ geometry: { type, coordinates }, properties })
    expect(vectorsOf({ features: [
      feature('Polygon', [[[0, 0], [1, 0], [1, 1], [0, 0]]]),
      feature('LineString', [[0, 0], ['x', 1], [2, 2]]),
      feature('Point', [1, 1], { name: '<script>' }),
      feature('Point', [1, 1]),
      { geometry: null },
    ] })).toEqual({ areas: [[[0, 0], [1, 0], [1, 1], [0, 0]]], walls: [[[0, 0], [2, 2]]], words: [{ at: [1, 1], text: '<script>' }] })
    expect(vectorsOf([1, 2])).toEqual({ areas: [], walls: [], words: [] })
  })
})
