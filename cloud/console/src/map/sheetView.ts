import type { FrameState } from 'ol/Map'

/** Where a sheet is drawn for: everything in device pixels, map units about the district's `origin`. */
export interface SheetView {
  width: number
  height: number
  /** Device pixels per CSS pixel. */
  ratio: number
  /** Map units per CSS pixel. */
  resolution: number
  centre: readonly [number, number]
}

/** A canvas of the page's thread or of the painter's. */
export type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** How much larger than the window a sheet is, so that moving the map shows no bare edges at once. */
const MARGIN = 1.2
/** How much smaller or larger than drawn a picture may be shown while the map moves. */
const MOST_SCALED = 1.3

export function viewOf(frame: FrameState, origin: readonly [number, number]): SheetView {
  const [width, height] = frame.size as [number, number]
  const { center, resolution } = frame.viewState
  return {
    width: Math.round(width * frame.pixelRatio * MARGIN), height: Math.round(height * frame.pixelRatio * MARGIN), ratio: frame.pixelRatio,
    resolution, centre: [center[0]! - origin[0], center[1]! - origin[1]],
  }
}

export const same = (a: SheetView, b: SheetView) =>
  a.width === b.width && a.height === b.height && a.ratio === b.ratio && a.resolution === b.resolution && a.centre[0] === b.centre[0] && a.centre[1] === b.centre[1]

/** Whether somebody drags the map, or it glides. */
export const isMoving = (frame: FrameState) => frame.viewHints[0]! > 0 || frame.viewHints[1]! > 0

/** Whether a picture that was drawn for one view will do for another: at rest it has to be drawn for that very one. */
export const willDo = (drawn: SheetView, now: SheetView, moving: boolean) => (moving ? serves(drawn, now) : same(drawn, now))

/** Whether a picture that was drawn for another view still covers the window and is about as large as it should be. */
export function serves(drawn: SheetView, now: SheetView): boolean {
  if (drawn.width !== now.width || drawn.height !== now.height || drawn.ratio !== now.ratio) return false
  const scale = drawn.resolution / now.resolution
  if (scale > MOST_SCALED || scale < 1 / MOST_SCALED) return false
  const spare = (size: number) => ((size / now.ratio) * (scale - 1 / MARGIN)) / 2
  return Math.abs(drawn.centre[0] - now.centre[0]) / now.resolution <= spare(now.width) && Math.abs(drawn.centre[1] - now.centre[1]) / now.resolution <= spare(now.height)
}

/** Puts a picture where it belongs in a window of a size in CSS pixels. */
export function lay(picture: HTMLCanvasElement, drawn: SheetView, now: SheetView, [width, height]: readonly number[]) {
  const [w, h] = [drawn.width / drawn.ratio, drawn.height / drawn.ratio]
  const [x, y] = [(drawn.centre[0] - now.centre[0]) / now.resolution, (now.centre[1] - drawn.centre[1]) / now.resolution]
  const transform = `translate(${(width! - w) / 2 + x}px, ${(height! - h) / 2 + y}px) scale(${drawn.resolution / now.resolution})`
  const { style } = picture
  if (style.transform === transform && style.width === `${w}px` && style.height === `${h}px`) return
  Object.assign(style, { width: `${w}px`, height: `${h}px`, transform })
}

/** A position of the map in device pixels of a sheet. */
export const pixelOf = (view: SheetView, x: number, y: number): [number, number] => [
  view.width / 2 + ((x - view.centre[0]) / view.resolution) * view.ratio,
  view.height / 2 - ((y - view.centre[1]) / view.resolution) * view.ratio,
]

/** Lets paths in map units be drawn: lengths of strokes are then in map units, too. */
export function inMapUnits(context: Pen, view: SheetView) {
  const scale = view.ratio / view.resolution
  context.setTransform(scale, 0, 0, -scale, view.width / 2 - view.centre[0] * scale, view.height / 2 + view.centre[1] * scale)
}
