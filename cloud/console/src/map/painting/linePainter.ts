import type { Palette } from '../../footfall/palette'
import { RATES_UP_TO, type CountingLine, type LineRate } from '../lines'
import { pixelOf, type Pen, type SheetView } from '../sheetView'
import type { LineOrder, Painter } from './orders'

/** Beyond this many map units a pixel lines would only be dust; nearer, they have arrows, then rates. */
const LINES_UP_TO = 4
const ARROWS_UP_TO = 2.4
const SHAFT = 5.5
const HEAD = 3
const FONT = "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei UI', 'Noto Sans CJK SC', sans-serif"

/** Counting lines with an arrow the way they count as entering and, from near, how many pass each way. */
export class LinePainter implements Painter<'lines'> {
  #lines: readonly CountingLine[] = []
  #rates: ReadonlyMap<string, LineRate> = new Map()
  #palette: Palette | null = null
  #level = 0
  #apart = 14

  take({ lines, rates, palette, level, apart }: LineOrder): boolean {
    this.#lines = lines ?? this.#lines
    this.#rates = rates ?? this.#rates
    this.#palette = palette ?? this.#palette
    this.#level = level ?? this.#level
    this.#apart = apart ?? this.#apart
    return true
  }

  draw(context: Pen, view: SheetView) {
    if (!this.#palette || view.resolution > LINES_UP_TO) return
    for (const line of this.#lines) if (!line.levels.length || line.levels.includes(this.#level)) this.#line(context, view, line, this.#palette)
  }

  touchUp() {}

  next(): null { return null }

  #line(context: Pen, view: SheetView, { id, start, end, way }: CountingLine, palette: Palette) {
    const [a, b] = [pixelOf(view, ...start), pixelOf(view, ...end)]
    const r = view.ratio
    const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as const
    if (middle[0] < -40 || middle[1] < -40 || middle[0] > view.width + 40 || middle[1] > view.height + 40) return
    const path = new Path2D()
    path.moveTo(...a)
    path.lineTo(...b)
    const rate = view.resolution <= RATES_UP_TO ? this.#rates.get(id) : undefined
    // Map units grow to the north, pixels to the south.
    if (way && view.resolution <= ARROWS_UP_TO) arrow(path, middle, [way[0], -way[1]], r)
    context.resetTransform()
    context.lineCap = context.lineJoin = 'round'
    for (const [style, width] of [[`${palette.outline}b0`, 2.8], [palette.line, 1.2]] as const) {
      context.strokeStyle = style
      context.lineWidth = width * r
      context.stroke(path)
    }
    if (!rate || !way) return
    context.font = `600 ${11 * r}px ${FONT}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    for (const [text, side] of [[rate.in, 1], [rate.out, -1]] as const) {
      const [x, y] = [middle[0] + side * way[0] * (this.#apart + 3) * r, middle[1] - side * way[1] * this.#apart * r]
      context.strokeStyle = palette.plate
      context.lineWidth = 3 * r
      context.strokeText(text, x, y)
      context.fillStyle = side > 0 ? palette.hovered : palette.line
      context.fillText(text, x, y)
    }
  }
}

function arrow(path: Path2D, [x, y]: readonly [number, number], [dx, dy]: [number, number], r: number) {
  const [shaft, head] = [SHAFT * r, HEAD * r]
  const tip = [x + dx * shaft, y + dy * shaft] as const
  path.moveTo(x - dx * shaft, y - dy * shaft)
  path.lineTo(...tip)
  path.moveTo(tip[0] - dx * head + dy * head, tip[1] - dy * head - dx * head)
  path.lineTo(...tip)
  path.lineTo(tip[0] - dx * head - dy * head, tip[1] - dy * head + dx * head)
}
