import { same, type SheetView } from '../sheetView'
import { LinePainter } from './linePainter'
import { MarkerPainter } from './markerPainter'
import type { Done, Order, Painter, SheetName } from './orders'
import { ZonePainter } from './zonePainter'

/** What wants to be drawn again in a time is asked for a frame earlier. */
const FRAME_MS = 16

/**
 * A sheet's two canvases. A whole picture is drawn on the one that is not shown; what changes a little is drawn over the one
 * that is. What was drawn in a frame is on its canvas at the next one: then it is told, and only then more is drawn, for the
 * page must have let go of the other canvas.
 */
class Easel<Name extends SheetName> {
  #canvases: [OffscreenCanvas, OffscreenCanvas] | null = null
  #front: 0 | 1 = 0
  #view: SheetView | null = null
  #drawn: SheetView | null = null
  #anew = true
  #number = 0
  #told = 0
  #busy = false
  #wanted = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly sheet: Name, private readonly painter: Painter<Name>) {}

  take({ number, order, view, canvases }: Extract<Order, { sheet: Name }>) {
    this.#number = number
    if (canvases) this.#canvases = canvases
    if (view) this.#view = view
    if (order && this.painter.take(order as never)) this.#anew = true
    this.#ask()
  }

  #ask() {
    clearTimeout(this.#timer)
    this.#wanted = true
    const canvases = this.#canvases
    if (this.#busy || !canvases || !this.#view) return
    this.#busy = true
    requestAnimationFrame(() => {
      this.#wanted = false
      this.#draw(canvases, this.#view!)
      const done: Done = { sheet: this.sheet, number: this.#number, canvas: this.#front, view: this.#drawn! }
      requestAnimationFrame(() => this.#tell(done))
    })
  }

  #tell(done: Done) {
    this.#busy = false
    // What goes on by itself is nobody's order.
    if (done.number !== this.#told) self.postMessage(done)
    this.#told = done.number
    if (this.#wanted) return this.#ask()
    const next = this.painter.next(done.view)
    if (next != null) this.#timer = setTimeout(() => this.#ask(), Math.max(0, next - FRAME_MS))
  }

  #draw(canvases: [OffscreenCanvas, OffscreenCanvas], view: SheetView) {
    if (this.#anew || !this.#drawn || !same(this.#drawn, view)) {
      this.#anew = false
      this.#drawn = view
      this.#front = this.#front ? 0 : 1
      const canvas = canvases[this.#front]
      if (canvas.width !== view.width || canvas.height !== view.height) Object.assign(canvas, { width: view.width, height: view.height })
      const context = canvas.getContext('2d')!
      context.resetTransform()
      context.clearRect(0, 0, view.width, view.height)
      this.painter.draw(context, view)
    } else {
      const context = canvases[this.#front].getContext('2d')!
      context.resetTransform()
      this.painter.touchUp(context, view)
    }
  }
}

const easels: { [Name in SheetName]: Easel<Name> } = {
  zones: new Easel('zones', new ZonePainter()),
  lines: new Easel('lines', new LinePainter()),
  markers: new Easel('markers', new MarkerPainter()),
}

self.addEventListener('message', ({ data }: MessageEvent<Order>) => { easels[data.sheet].take(data as never) })
