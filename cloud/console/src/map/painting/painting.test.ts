import { describe, expect, it, vi } from 'vitest'
import { palettes } from '../../footfall/palette'
import { clock, placeOf, speedOf } from '../glide'
import { shapeOf } from '../shape'
import { serves, type Pen, type SheetView } from '../sheetView'
import { MarkerPainter } from './markerPainter'
import { spriteName, type PaintedMarker } from './orders'

const view = (change: Partial<SheetView> = {}): SheetView => ({ width: 1200, height: 960, ratio: 1, resolution: 0.5, centre: [0, 0], ...change })

describe('a picture that was drawn for another view', () => {
  // 1200 × 960 px are a window of 1000 × 800 with a tenth to spare on each side.
  it.each<[string, Partial<SheetView>, boolean]>([
    ['serves where it lies', {}, true],
    ['serves as far as it is larger than the window', { centre: [49, -39] }, true],
    ['leaves an edge bare beyond it', { centre: [51, 0] }, false],
    ['leaves an edge bare above and below, too', { centre: [0, 41] }, false],
    ['has less to spare where it is shown smaller', { resolution: 0.55, centre: [40, 0] }, false],
    ['serves a little larger', { resolution: 0.4 }, true],
    ['is too coarse much larger', { resolution: 0.38 }, false],
    ['is none of another window', { width: 1100 }, false],
    ['is none of another screen', { ratio: 2 }, false],
  ])('%s', (_, change, expected) => expect(serves(view(), view(change))).toBe(expected))
})

describe('a marker under way', () => {
  const way = { from: [0, 0] as const, at: [10, 20] as const, since: 1000 }

  it.each([[1000, [0, 0]], [1500, [5, 10]], [2000, [10, 20]], [9000, [10, 20]]])('is at %i ms at %j', (now, place) => expect(placeOf(way, 1000, now)).toEqual(place))

  it('stands where it is once it has come, or where its kind does not glide', () => {
    expect(speedOf(way, 1000, 1500)).toBeCloseTo(Math.hypot(10, 20) / 1000)
    expect([speedOf(way, 1000, 2000), speedOf(way, 0, 1500)]).toEqual([0, 0])
    expect(placeOf(way, 0, 1000)).toEqual([10, 20])
  })
})

describe('the painter of markers', () => {
  const marker = (change: Partial<PaintedMarker> = {}): PaintedMarker => ({ id: 'a', at: [0, 0], from: [0, 0], since: clock(), level: null, look: 'idle', ...change })
  const pen = () => ({ drawImage: vi.fn(), clearRect: vi.fn(), beginPath: vi.fn(), arc: vi.fn(), stroke: vi.fn() }) as unknown as Pen & Record<'drawImage' | 'arc', ReturnType<typeof vi.fn>>
  const sprite = { close: vi.fn() } as unknown as ImageBitmap
  const painter = (markers: PaintedMarker[], glideMs = 1000) => {
    const made = new MarkerPainter()
    made.take({ palette: palettes.light, kinds: { carts: { glideMs, markers } }, sprites: { [spriteName('carts', 'idle', 22)]: sprite } })
    return made
  }

  it('rests while all of them stand', () => expect(painter([marker()]).next(view())).toBeNull())

  it('draws as often as half a pixel of the quickest one takes, thirty times a second at the most', () => {
    const metres = (n: number) => painter([marker(), marker({ at: [n, 0] })]).next(view())
    // 1.4 m in a second are 2.8 px at half a metre a pixel.
    expect(metres(1.4)).toBeCloseTo(500 / 2.8)
    expect(metres(500)).toBe(33)
  })

  it('puts sprites about their places, on their own level and within the window', () => {
    const context = pen()
    const made = painter([marker(), marker({ id: 'b', level: 1 }), marker({ id: 'c', level: 0, at: [10, 20], since: 0 }), marker({ id: 'd', at: [1000, 0], since: 0 })])
    made.draw(context, view())
    expect(context.drawImage.mock.calls).toEqual([[sprite, 589, 469], [sprite, 609, 429]])
    made.take({ level: 1 })
    made.touchUp(context, view())
    expect(context.drawImage).toHaveBeenCalledTimes(4)
  })

  it('rings the one that is looked at, and forgets a kind that is gone', () => {
    const context = pen()
    const made = painter([marker(), marker({ id: 'b' })])
    made.take({ chosen: { kind: 'carts', id: 'b' } })
    made.draw(context, view())
    expect(context.arc).toHaveBeenCalledTimes(2)
    made.take({ kinds: { carts: null } })
    made.touchUp(context, view())
    expect(context.drawImage).toHaveBeenCalledTimes(2)
  })
})

describe('the painter of zones', () => {
  it('draws all anew for what changes all of them, and over the picture for a number', async () => {
    vi.stubGlobal('Path2D', class { moveTo() {} lineTo() {} closePath() {} })
    const { ZonePainter } = await import('./zonePainter')
    const painter = new ZonePainter()
    const square = shapeOf('a', 0, [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], null, { centre: [5, 5], radius: 5 })
    expect(painter.take({ shapes: [square], called: ['A'] })).toBe(true)
    for (const order of [{ palette: palettes.dark }, { level: 1 }, { names: false }, { clear: true }, { called: ['B'] }]) expect(painter.take(order)).toBe(true)
    expect(painter.take({ paints: [[0, { shade: 2, text: '128', mark: null }]] })).toBe(false)
    vi.unstubAllGlobals()
  })
})
