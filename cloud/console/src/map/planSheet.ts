import type { Point } from './shape'
import { Sheet } from './sheet'
import { inMapUnits, pixelOf, type SheetView } from './sheetView'

/** Ink on white paper: the sheet is multiplied onto the zones, and inverted where the ground is dark. */
const INK = '#3a4650'
const PAPER = '#f1f3f4'

/** A floor plan where it lies: a position on it becomes map units about the district's middle. */
export interface PlacedPlan {
  level: number
  /** East and north metres from its origin to map units. */
  place(east: number, north: number): Point
  drawing: { image: HTMLImageElement; width: number; height: number } | PlanVectors
}

/** A plan of GeoJSON, in metres. */
export interface PlanVectors { areas: Point[][]; walls: Point[][]; words: { at: Point; text: string }[] }

const WORDS_UP_TO = 0.35

/** The floor plans of one level. */
export class PlanSheet extends Sheet {
  plans: readonly PlacedPlan[] = []
  level = 0
  shown = true

  protected override get empty() { return !this.shown || !this.plans.some(plan => plan.level === this.level) }

  protected override *draw(context: CanvasRenderingContext2D, view: SheetView) {
    for (const plan of this.plans) {
      if (plan.level !== this.level) continue
      if ('image' in plan.drawing) this.#picture(context, view, plan, plan.drawing)
      else yield* this.#vectors(context, view, plan, plan.drawing)
      yield
    }
  }

  #picture(context: CanvasRenderingContext2D, view: SheetView, plan: PlacedPlan, { image, width, height }: { image: HTMLImageElement; width: number; height: number }) {
    const [x0, y0] = pixelOf(view, ...plan.place(0, height))
    const [x1, y1] = pixelOf(view, ...plan.place(width, height))
    const [x2, y2] = pixelOf(view, ...plan.place(0, 0))
    context.setTransform((x1 - x0) / width, (y1 - y0) / width, (x2 - x0) / height, (y2 - y0) / height, x0, y0)
    context.drawImage(image, 0, 0, width, height)
  }

  *#vectors(context: CanvasRenderingContext2D, view: SheetView, plan: PlacedPlan, { areas, walls, words }: PlanVectors) {
    inMapUnits(context, view)
    context.lineJoin = context.lineCap = 'round'
    const trace = (points: Point[]) => {
      context.beginPath()
      for (const [i, [x, y]] of points.entries()) context[i ? 'lineTo' : 'moveTo'](...plan.place(x, y))
    }
    context.strokeStyle = INK
    context.fillStyle = PAPER
    for (const ring of areas) {
      trace(ring)
      context.fill()
      context.lineWidth = 0.8 * view.resolution
      context.stroke()
      yield
    }
    for (const wall of walls) {
      trace(wall)
      context.lineWidth = 1.6 * view.resolution
      context.stroke()
      yield
    }
    if (view.resolution > WORDS_UP_TO) return
    context.resetTransform()
    context.font = `${11 * view.ratio}px sans-serif`
    context.textAlign = 'center'
    context.fillStyle = INK
    for (const { at, text } of words) {
      context.fillText(text, ...pixelOf(view, ...plan.place(...at)))
      yield
    }
  }
}
