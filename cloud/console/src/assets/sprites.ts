import type { Palette } from '../footfall/palette'
import type { MarkerKind, Sprite } from '../map/markerSheet'
import type { Pen } from '../map/sheetView'
import { LAYERS, type Sort } from './assets'

/** The outline says what it is: a square is a locker, a diamond a kiosk, a hexagon or an arrow a cart. The inside says how it does; colour comes on top. */
type Outline = readonly (readonly [number, number])[]

const SQUARE: Outline = [[-0.38, -0.38], [0.38, -0.38], [0.38, 0.38], [-0.38, 0.38]]
const DIAMOND: Outline = [[0, -0.47], [0.47, 0], [0, 0.47], [-0.47, 0]]
const HEXAGON: Outline = Array.from({ length: 6 }, (_, i) => [Math.sin((i * Math.PI) / 3) * 0.45, -Math.cos((i * Math.PI) / 3) * 0.45] as const)
const ARROW: Outline = [[0, -0.47], [0.36, 0.4], [0, 0.22], [-0.36, 0.4]]
const OUTLINES: Record<Sort, Outline> = { locker: SQUARE, kiosk: DIAMOND, cart: HEXAGON }

type Inside = (context: Pen, size: number, ink: string) => void

function trace(context: Pen, size: number, points: Outline, close = true) {
  context.beginPath()
  for (const [x, y] of points) context.lineTo(x * size, y * size)
  if (close) context.closePath()
}
const strokes = (...lines: Outline[]): Inside => (context, size, ink) => {
  context.strokeStyle = ink
  context.lineWidth = Math.max(1, size * 0.09)
  context.lineCap = context.lineJoin = 'round'
  for (const line of lines) { trace(context, size, line, false); context.stroke() }
}
const dots = (radius: number, ...places: Outline): Inside => (context, size, ink) => {
  context.fillStyle = ink
  for (const [x, y] of places) { context.beginPath(); context.arc(x * size, y * size, radius * size, 0, 2 * Math.PI); context.fill() }
}
const all = (...parts: Inside[]): Inside => (context, size, ink) => parts.forEach(part => part(context, size, ink))

const exclamation = all(strokes([[0, -0.2], [0, 0.05]]), dots(0.06, [0, 0.21]))
const question = all(strokes([[-0.11, -0.12], [-0.04, -0.22], [0.08, -0.2], [0.12, -0.09], [0.01, 0.02], [0, 0.07]]), dots(0.055, [0, 0.22]))
const cross = strokes([[-0.15, -0.15], [0.15, 0.15]], [[0.15, -0.15], [-0.15, 0.15]])
const dash = strokes([[-0.14, 0], [0.14, 0]])
const grid = strokes([[0, -0.26], [0, 0.26]], [[-0.26, 0], [0.26, 0]])
const fullGrid = dots(0.095, [-0.15, -0.15], [0.15, -0.15], [-0.15, 0.15], [0.15, 0.15])
const bar = strokes([[-0.2, 0.12], [0.2, 0.12]], [[-0.2, -0.1], [0.05, -0.1]])
const screen = strokes([[-0.16, -0.14], [0.16, -0.14], [0.16, 0.08], [-0.16, 0.08], [-0.16, -0.14]], [[-0.08, 0.2], [0.08, 0.2]])
const pauses = strokes([[-0.1, -0.14], [-0.1, 0.14]], [[0.1, -0.14], [0.1, 0.14]])
const bolt = strokes([[0.06, -0.24], [-0.1, 0.03], [0.09, 0.0], [-0.06, 0.24]])
const person = all(dots(0.09, [0, -0.14]), strokes([[-0.17, 0.2], [-0.1, 0.04], [0.1, 0.04], [0.17, 0.2]]))

/** calm: as it should be; under way: the same, without an inside; bad: somebody is needed; lost: only what was known last; never: nothing is known. */
type Manner = 'calm' | 'under way' | 'bad' | 'lost' | 'never'

function sprite(outline: Outline, inside: Inside, manner: Manner, turn = 0): Sprite {
  return (context, size, palette: Palette) => {
    context.save()
    context.rotate(turn)
    trace(context, size, outline)
    context.lineJoin = 'round'
    context.fillStyle = manner === 'bad' ? palette.selected : manner === 'under way' ? palette.hovered : palette.plate
    context.fill()
    context.lineWidth = size * 0.09
    context.strokeStyle = manner === 'bad' || manner === 'under way' ? palette.plate : manner === 'lost' ? palette.selected : palette.line
    if (manner === 'lost' || manner === 'never') context.setLineDash([size * 0.13, size * 0.1])
    context.stroke()
    context.setLineDash([])
    inside(context, size, manner === 'bad' ? palette.plate : manner === 'lost' ? palette.selected : manner === 'never' ? palette.line : palette.hovered)
    context.restore()
  }
}

const states: Record<Sort, Record<string, [Inside, Manner]>> = {
  locker: { ok: [grid, 'calm'], full: [fullGrid, 'calm'], jammed: [bar, 'bad'], forced: [exclamation, 'bad'], offline: [cross, 'lost'], unknown: [dash, 'never'] },
  kiosk: { ok: [screen, 'calm'], attention: [all(strokes([[0, -0.2], [0, 0.05]]), dots(0.06, [0, 0.21])), 'calm'], fault: [exclamation, 'bad'], offline: [cross, 'lost'], unknown: [dash, 'never'] },
  cart: {
    driving: [dots(0.09, [0, 0]), 'calm'], standing: [pauses, 'calm'], charging: [bolt, 'calm'], attended: [person, 'calm'], stopped: [exclamation, 'bad'], offline: [dash, 'never'],
    comms_lost: [question, 'lost'], non_contactable: [question, 'lost'], not_located: [question, 'lost'], missing: [cross, 'lost'], unknown: [dash, 'never'],
  },
}

export const sprites = (sort: Sort): Record<string, Sprite> => ({
  ...Object.fromEntries(Object.entries(states[sort]).map(([state, [inside, manner]]) => [state, sprite(OUTLINES[sort], inside, manner)])),
  ...(sort === 'cart' ? Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`driving-${i}`, sprite(ARROW, () => {}, 'under way', (i * Math.PI) / 8)])) : {}),
})

/** The cloud tells of carts every two seconds: so long a cart is under way to where it was then. */
export const GLIDE_MS = 2000
export const kindOf = (sort: Sort): MarkerKind => ({ id: LAYERS[sort], sprites: sprites(sort), glideMs: sort === 'cart' ? GLIDE_MS : 0 })
