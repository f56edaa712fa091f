import type { Palette } from '../footfall/palette'
import { inMapUnits, Sheet, type SheetView } from './sheet'
import type { ZoneLook } from './zoneSheet'

/** The ground that the zones stand on: their outlines, drawn wide enough to run together. */
export class GroundSheet extends Sheet {
  palette!: Palette
  looks: readonly ZoneLook[] = []
  /** Not where a map lies under the zones. */
  shown = true
  rim = 60

  protected override *draw(context: CanvasRenderingContext2D, view: SheetView) {
    if (!this.shown) return
    inMapUnits(context, view)
    context.lineJoin = context.lineCap = 'round'
    const px = view.resolution
    for (const [color, width] of [[this.palette.plateEdge, this.rim + 2], [this.palette.plate, this.rim]] as const) {
      context.strokeStyle = context.fillStyle = color
      for (const { path, shape } of this.looks) {
        context.lineWidth = (shape.street ?? 0) + width * px
        context.stroke(path)
        if (shape.street == null) context.fill(path)
        yield
      }
    }
  }
}
