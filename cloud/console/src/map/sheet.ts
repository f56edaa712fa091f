import Layer from 'ol/layer/Layer'
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

/** `margin`: how much larger than the window the sheet is. */
export function viewOf(frame: FrameState, origin: readonly [number, number], margin = 1): SheetView {
  const [width, height] = frame.size as [number, number]
  const { center, resolution } = frame.viewState
  return {
    width: Math.round(width * frame.pixelRatio * margin), height: Math.round(height * frame.pixelRatio * margin), ratio: frame.pixelRatio,
    resolution, centre: [center[0]! - origin[0], center[1]! - origin[1]],
  }
}

export const same = (a: SheetView, b: SheetView) =>
  a.width === b.width && a.height === b.height && a.ratio === b.ratio && a.resolution === b.resolution && a.centre[0] === b.centre[0] && a.centre[1] === b.centre[1]

/** A position of the map in device pixels of a sheet. */
export const pixelOf = (view: SheetView, x: number, y: number): [number, number] => [
  view.width / 2 + ((x - view.centre[0]) / view.resolution) * view.ratio,
  view.height / 2 - ((y - view.centre[1]) / view.resolution) * view.ratio,
]

/** Lets paths in map units be drawn: lengths of strokes are then in map units, too. */
export function inMapUnits(context: CanvasRenderingContext2D, view: SheetView) {
  const scale = view.ratio / view.resolution
  context.setTransform(scale, 0, 0, -scale, view.width / 2 - view.centre[0] * scale, view.height / 2 + view.centre[1] * scale)
}

/** How long a sheet may draw within one frame, ms, and how often it looks at the clock. */
const SLICE_MS = 2.5
const LOOK_EVERY = 16
/** Canvas commands are carried out after they are given, so that the clock alone does not bound a slice. */
const MOST_STEPS = 260
/** A sheet that takes longer than this is not drawn anew in each frame of a movement, but moved as a picture. */
const QUICK_MS = 3

/**
 * One of the canvases that the map is made of. It is drawn anew only when something on it has changed, in slices, so that no
 * frame is late; until the new picture is whole, and while the map moves, the old one is shown where it belongs.
 */
export abstract class Sheet {
  readonly layer: Layer
  readonly #element = document.createElement('div')
  #front = document.createElement('canvas')
  #back = document.createElement('canvas')
  #drawn: SheetView | null = null
  #work: { view: SheetView; steps: Generator<void>; ms: number } | null = null
  #dirty = true
  #lastMs = 0

  /** `margin`: how much larger than the window it is, so that moving the map shows no bare edges at once. */
  constructor(name: string, zIndex: number, private readonly origin: readonly [number, number], private readonly margin = 1.2) {
    this.#element.className = `sheet ${name}`
    this.#element.append(this.#front)
    this.layer = new Layer({ zIndex, render: frame => this.#render(frame) })
  }

  /** Shows all that is on it. */
  get whole(): boolean { return !this.#dirty && !this.#work }

  get element(): HTMLElement { return this.#element }

  /** Everything on it has to be drawn anew. */
  invalidate() {
    this.#dirty = true
    this.layer.changed()
  }

  /** Draws everything onto an empty canvas; each step is one of many alike. */
  protected abstract draw(context: CanvasRenderingContext2D, view: SheetView): Generator<void>

  /** Draws over what has changed a little; null if nothing has. */
  protected patch(_context: CanvasRenderingContext2D, _view: SheetView): Generator<void> | null { return null }

  /** Called with each frame of the map, after the picture is in its place. */
  protected placed(_view: SheetView) {}

  #render(frame: FrameState): HTMLElement {
    const [width, height] = frame.size as [number, number]
    const now = viewOf(frame, this.origin, this.margin)
    const moving = frame.viewHints[0]! > 0 || frame.viewHints[1]! > 0
    const stale = this.#dirty || !this.#drawn || !same(this.#drawn, now)
    if ((stale || this.#work) && !(moving && this.#drawn && this.#lastMs > QUICK_MS)) {
      if (!this.#work || this.#dirty || !same(this.#work.view, now)) this.#begin(now)
      this.#go()
    } else if (this.#drawn && !this.#work) {
      const steps = this.patch(this.#front.getContext('2d')!, this.#drawn)
      if (steps && !run(steps)) this.layer.changed()
    }
    this.#place(now, width, height)
    this.placed(now)
    return this.#element
  }

  #begin(view: SheetView) {
    this.#dirty = false
    const canvas = this.#back
    if (canvas.width !== view.width || canvas.height !== view.height) Object.assign(canvas, { width: view.width, height: view.height })
    const context = canvas.getContext('2d')!
    context.resetTransform()
    context.clearRect(0, 0, view.width, view.height)
    this.#work = { view, steps: this.draw(context, view), ms: 0 }
  }

  #go() {
    const work = this.#work!
    const began = performance.now()
    const done = run(work.steps)
    work.ms += performance.now() - began
    if (!done) return this.layer.changed()
    ;[this.#front, this.#back] = [this.#back, this.#front]
    this.#element.replaceChildren(this.#front)
    this.#drawn = work.view
    this.#lastMs = work.ms
    this.#work = null
    // what changed meanwhile, behind the pen, is patched in the next frame
    if (!this.whole) this.layer.changed()
  }

  #place(now: SheetView, width: number, height: number) {
    const drawn = this.#drawn
    if (!drawn) return
    const [w, h] = [drawn.width / drawn.ratio, drawn.height / drawn.ratio]
    const [x, y] = [(drawn.centre[0] - now.centre[0]) / now.resolution, (now.centre[1] - drawn.centre[1]) / now.resolution]
    const scale = drawn.resolution / now.resolution
    const style = this.#front.style
    const transform = `translate(${(width - w) / 2 + x}px, ${(height - h) / 2 + y}px) scale(${scale})`
    if (style.transform === transform && style.width === `${w}px`) return
    style.width = `${w}px`
    style.height = `${h}px`
    style.transform = transform
  }
}

/** Goes on with some work until it is done (true) or the frame's share is spent. */
function run(steps: Generator<void>): boolean {
  const until = performance.now() + SLICE_MS
  for (let step = 1; step <= MOST_STEPS; step++) {
    if (steps.next().done) return true
    if (step % LOOK_EVERY === 0 && performance.now() > until) return false
  }
  return false
}
