import type { Palette } from '../footfall/palette'
import type { Point } from './shape'
import { Sheet } from './sheet'
import { inMapUnits, type SheetView } from './sheetView'

/** The way that a cart has come; it fades towards where it began. */
export class TrackSheet extends Sheet {
  palette!: Palette
  level = 0
  points: readonly { at: Point; level: number }[] = []

  protected override get empty() { return this.points.length < 2 }

  protected override *draw(context: CanvasRenderingContext2D, view: SheetView) {
    const { points } = this
    inMapUnits(context, view)
    context.lineCap = context.lineJoin = 'round'
    for (const [style, px] of [[this.palette.outline, 6], [this.palette.selected, 3]] as const) {
      context.strokeStyle = style
      context.lineWidth = px * view.resolution
      for (let i = 1; i < points.length; i++) {
        const [a, b] = [points[i - 1]!, points[i]!]
        if (a.level !== this.level || b.level !== this.level) continue
        context.globalAlpha = 0.25 + (0.75 * i) / points.length
        context.beginPath()
        context.moveTo(...a.at)
        context.lineTo(...b.at)
        context.stroke()
        yield
      }
    }
    context.globalAlpha = 1
  }
}
