import Layer from 'ol/layer/Layer'
import type { FrameState } from 'ol/Map'
import type { Point } from '../shape'
import { isMoving, lay, viewOf, willDo, type SheetView } from '../sheetView'
import type { Done, Order, Orders, SheetName } from './orders'

/** The thread that draws what changes all day: the page's own has the input and the numbers to look after. */
export class PainterThread {
  readonly #worker = new Worker(new URL('./painter.worker.ts', import.meta.url), { type: 'module', name: 'map painter' })
  readonly #sheets = new Map<SheetName, (done: Done) => void>()

  /** `lost`: it could not be started, or has ended over a fault. */
  constructor(lost: () => void) {
    this.#worker.addEventListener('error', lost)
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Done>) => this.#sheets.get(data.sheet)?.(data))
  }

  follow(sheet: SheetName, done: (done: Done) => void) { this.#sheets.set(sheet, done) }

  send(order: Order, transfer: Transferable[] = []) { this.#worker.postMessage(order, transfer) }

  end() { this.#worker.terminate() }
}

/** A sheet that the painter's thread draws. The page only lays its picture where it belongs, and orders another for another view. */
export class PaintedSheet<Name extends SheetName> {
  readonly layer: Layer
  readonly #element = document.createElement('div')
  readonly #canvases = [document.createElement('canvas'), document.createElement('canvas')] as const
  #front: HTMLCanvasElement
  #drawn: SheetView | null = null
  #wanted: SheetView | null = null
  #window: readonly number[] = [0, 0]
  #now: SheetView | null = null
  #ordered = 0
  #done = 0

  constructor(private readonly name: Name, zIndex: number, private readonly origin: Point, private readonly painter: PainterThread, private readonly onDrawn: () => void = () => {}) {
    this.#front = this.#canvases[0]
    this.#element.className = `sheet ${name}`
    for (const canvas of this.#canvases) {
      canvas.style.opacity = '0'
      this.#element.append(canvas)
    }
    this.layer = new Layer({ zIndex, render: frame => this.#render(frame) })
    const canvases = this.#canvases.map(canvas => canvas.transferControlToOffscreen()) as [OffscreenCanvas, OffscreenCanvas]
    painter.follow(name, done => this.#show(done))
    painter.send({ sheet: name, number: 0, canvases } as Order, canvases)
  }

  /** Shows all that is on it. */
  get whole(): boolean { return this.#wanted != null && this.#done === this.#ordered }

  /** Where it is shown now; null before the first frame. */
  get view(): SheetView | null { return this.#now }

  set shown(shown: boolean) { this.#element.hidden = !shown }

  order(order: Orders[Name], transfer: Transferable[] = []) {
    this.painter.send({ sheet: this.name, number: ++this.#ordered, order } as Order, transfer)
  }

  /** Called before the sheet is wanted for another view. */
  protected prepare(_view: SheetView) {}

  #render(frame: FrameState): HTMLElement {
    const now = (this.#now = viewOf(frame, this.origin))
    this.#window = frame.size
    const moving = isMoving(frame)
    // In movement one picture at a time: another that is ordered before it would not be wanted any more when it is drawn.
    if (!this.#wanted || (!willDo(this.#wanted, now, moving) && !(moving && this.#done !== this.#ordered))) {
      this.prepare(now)
      this.#wanted = now
      this.painter.send({ sheet: this.name, number: ++this.#ordered, view: now } as Order)
    }
    this.#lay()
    return this.#element
  }

  #show({ number, canvas, view }: Done) {
    this.#done = number
    const front = this.#canvases[canvas]
    this.#drawn = view
    if (front !== this.#front || front.style.opacity) {
      this.#front.style.opacity = '0'
      front.style.opacity = ''
      this.#front = front
    }
    this.#lay()
    this.onDrawn()
  }

  #lay() {
    if (this.#drawn && this.#now) lay(this.#front, this.#drawn, this.#now, this.#window)
  }
}
