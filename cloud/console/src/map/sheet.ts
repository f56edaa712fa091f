import Layer from 'ol/layer/Layer'
import type { FrameState } from 'ol/Map'
import { isMoving, lay, viewOf, willDo, type SheetView } from './sheetView'

/** How long a sheet may draw within one frame, ms, and how often it looks at the clock. */
const SLICE_MS = 2.5
const LOOK_EVERY = 16
/** Canvas commands are carried out after they are given, so that the clock alone does not bound a slice. */
const MOST_STEPS = 260

/**
 * One of the canvases that the map is made of, for what changes seldom: see `PaintedSheet` for what does all day. It is drawn
 * anew only when something on it has changed, in slices, so that no frame is late; until the new picture is whole, and while
 * the map moves, the old one is shown where it belongs.
 */
export abstract class Sheet {
  readonly layer: Layer
  readonly #element = document.createElement('div')
  #front = document.createElement('canvas')
  #back = document.createElement('canvas')
  #drawn: SheetView | null = null
  #work: { view: SheetView; steps: Generator<void> } | null = null
  #dirty = true

  constructor(name: string, zIndex: number, private readonly origin: readonly [number, number]) {
    this.#element.className = `sheet ${name}`
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

  /** Whether there is nothing on it: an empty canvas, too, would be carried through every frame. */
  protected abstract get empty(): boolean

  /** Draws everything onto an empty canvas; each step is one of many alike. */
  protected abstract draw(context: CanvasRenderingContext2D, view: SheetView): Generator<void>

  #render(frame: FrameState): HTMLElement {
    const now = viewOf(frame, this.origin)
    if (this.empty) this.#clear()
    else {
      const wanted = (drawn?: SheetView | null) => this.#dirty || !drawn || !willDo(drawn, now, isMoving(frame))
      if (wanted(this.#drawn) && wanted(this.#work?.view)) this.#begin(now)
      if (this.#work) this.#go()
      if (this.#drawn) lay(this.#front, this.#drawn, now, frame.size)
    }
    return this.#element
  }

  #clear() {
    this.#dirty = false
    this.#work = this.#drawn = null
    this.#front.remove()
  }

  #begin(view: SheetView) {
    this.#dirty = false
    const canvas = this.#back
    if (canvas.width !== view.width || canvas.height !== view.height) Object.assign(canvas, { width: view.width, height: view.height })
    const context = canvas.getContext('2d')!
    context.resetTransform()
    context.clearRect(0, 0, view.width, view.height)
    this.#work = { view, steps: this.draw(context, view) }
  }

  #go() {
    const work = this.#work!
    if (!run(work.steps)) return this.layer.changed()
    ;[this.#front, this.#back] = [this.#back, this.#front]
    this.#element.replaceChildren(this.#front)
    this.#drawn = work.view
    this.#work = null
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
