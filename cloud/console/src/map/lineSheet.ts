import type { LineProperties } from '../api/types'
import type { Palette } from '../footfall/palette'
import { crossing, joinAt } from './direction'
import type { Point } from './shape'
import { pixelOf, Sheet, type SheetView } from './sheet'

/** A counting line. */
export interface LineShape { id: string; start: Point; end: Point; joins: LineProperties['joins'] }

/** People a minute, as text, the way the line counts as entering and the other. */
export interface LineRate { in: string; out: string }

/** Beyond this many map units a pixel lines would only be dust; nearer, they have arrows, then rates. */
const LINES_UP_TO = 4
const ARROWS_UP_TO = 2.4
export const RATES_UP_TO = 0.55
const SHAFT = 5.5
const HEAD = 3
const FONT = "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei UI', 'Noto Sans CJK SC', sans-serif"

/** Counting lines with an arrow the way they count as entering and, from near, how many pass each way. */
export class LineSheet extends Sheet {
  palette!: Palette
  lines: readonly LineShape[] = []
  shown = true
  at = Date.now() / 1000
  rates: ReadonlyMap<string, LineRate> = new Map()
  centreOf: (zone: string) => Point | undefined = () => undefined
  levelOf: (zone: string) => number | undefined = () => undefined
  level = 0
  /** How far beside its line a rate stands, px: a device's marker lies on the line's middle. */
  apart = 14

  protected override *draw(context: CanvasRenderingContext2D, view: SheetView) {
    if (!this.shown || view.resolution > LINES_UP_TO) return
    for (const line of this.lines) {
      const join = joinAt(line.joins, this.at)
      const levels = join ? [this.levelOf(join.from), this.levelOf(join.to)] : []
      // A stair's line shows on both of its levels; one whose zones nobody knows everywhere.
      if (levels.some(level => level != null) && !levels.includes(this.level)) continue
      this.#line(context, view, line, join && crossing(line.start, line.end, this.centreOf(join.from), this.centreOf(join.to)))
      yield
    }
  }

  #line(context: CanvasRenderingContext2D, view: SheetView, { id, start, end }: LineShape, way: [number, number] | null) {
    const [a, b] = [pixelOf(view, ...start), pixelOf(view, ...end)]
    const r = view.ratio
    const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as const
    if (middle[0] < -40 || middle[1] < -40 || middle[0] > view.width + 40 || middle[1] > view.height + 40) return
    const path = new Path2D()
    path.moveTo(...a)
    path.lineTo(...b)
    const rate = view.resolution <= RATES_UP_TO ? this.rates.get(id) : undefined
    // Map units grow to the north, pixels to the south.
    if (way && view.resolution <= ARROWS_UP_TO) arrow(path, middle, [way[0], -way[1]], r)
    context.resetTransform()
    context.lineCap = context.lineJoin = 'round'
    for (const [style, width] of [[`${this.palette.outline}b0`, 2.8], [this.palette.line, 1.2]] as const) {
      context.strokeStyle = style
      context.lineWidth = width * r
      context.stroke(path)
    }
    if (!rate || !way) return
    context.font = `600 ${11 * r}px ${FONT}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    for (const [text, side] of [[rate.in, 1], [rate.out, -1]] as const) {
      const [x, y] = [middle[0] + side * way[0] * (this.apart + 3) * r, middle[1] - side * way[1] * this.apart * r]
      context.strokeStyle = this.palette.plate
      context.lineWidth = 3 * r
      context.strokeText(text, x, y)
      context.fillStyle = side > 0 ? this.palette.hovered : this.palette.line
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
