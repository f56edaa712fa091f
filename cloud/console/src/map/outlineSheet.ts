import type { Palette } from '../footfall/palette'
import { Sheet } from './sheet'
import { inMapUnits, type SheetView } from './sheetView'
import type { ZoneLook } from './zoneLook'

/** The zone under the pointer and the one that is selected. */
export class OutlineSheet extends Sheet {
  palette!: Palette
  hovered: ZoneLook | null = null
  selected: ZoneLook | null = null

  protected override get empty() { return !this.hovered && !this.selected }

  protected override *draw(context: CanvasRenderingContext2D, view: SheetView) {
    if (this.hovered && this.hovered !== this.selected) this.#outline(context, view, this.hovered, this.palette.hovered, 1.5)
    if (this.selected) this.#outline(context, view, this.selected, this.palette.selected, 3)
    yield
  }

  /** A casing in the ground's colour keeps it visible on every class. */
  #outline(context: CanvasRenderingContext2D, view: SheetView, { path, shape }: ZoneLook, color: string, width: number) {
    inMapUnits(context, view)
    context.lineJoin = context.lineCap = 'round'
    const px = view.resolution
    const around = shape.street == null ? 0 : Math.max(shape.street, 7 * px)
    for (const [style, extra] of [[this.palette.outline, width + 3], [color, width]] as const) {
      context.strokeStyle = style
      context.lineWidth = around + (around ? 2 : 1) * extra * px
      context.stroke(path)
    }
    if (!around) return
    // The street's own colour stays: only its rim is painted.
    context.globalCompositeOperation = 'destination-out'
    context.lineWidth = around
    context.stroke(path)
    context.globalCompositeOperation = 'source-over'
  }
}
