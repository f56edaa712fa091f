import Layer from 'ol/layer/Layer'
import type { FrameState } from 'ol/Map'
import type { Palette } from '../footfall/palette'
import type { Point } from './shape'
import { pixelOf, type SheetView } from './sheet'

/** Something with a place: a device, later a cart, a locker, a kiosk. */
export interface Marker {
  id: string
  /** In map units about the district's middle. */
  at: Point
  /** Null: on every level. */
  level: number | null
  /** Which of its layer's sprites it has. */
  look: string
}

/** Draws a marker into a square of `size` px about (0, 0). */
export type Sprite = (context: CanvasRenderingContext2D, size: number, palette: Palette) => void

/** What a room of the console puts on the map: how its markers look. Which of them there are is told by `put`. */
export interface MarkerKind {
  id: string
  sprites: Record<string, Sprite>
  /** Time that a marker takes from its last place to its next, ms: what lies between two reports is interpolated. 0: it jumps. */
  glideMs: number
}

interface Moving { marker: Marker; from: Point; since: number }
interface Group { kind: MarkerKind; shown: boolean; markers: Map<string, Moving> }

const SIZE = 22
const FAR_SIZE = 10
/** Beyond this many map units a pixel markers are dots. */
const NEAR_UP_TO = 1.6
/** From how far a marker is met, px. */
const REACH = 13

/** Markers over the map. While some are under way only this canvas is drawn, and of it only where they were and are. */
export class MarkerSheet {
  readonly layer: Layer
  level = 0
  readonly #element = document.createElement('div')
  readonly #canvas = document.createElement('canvas')
  readonly #groups = new Map<string, Group>()
  readonly #sprites = new Map<string, HTMLCanvasElement>()
  #palette!: Palette
  #view: SheetView | null = null
  #drawn: number[] = []
  #next = 0

  constructor(zIndex: number, private readonly origin: Point, private readonly still: boolean) {
    this.#element.className = 'sheet markers'
    this.#element.append(this.#canvas)
    this.layer = new Layer({ zIndex, render: frame => this.#render(frame) })
  }

  add(kind: MarkerKind) {
    this.#groups.set(kind.id, { kind, shown: true, markers: this.#groups.get(kind.id)?.markers ?? new Map() })
  }

  remove(kind: string) {
    this.#groups.delete(kind)
    this.#draw()
  }

  show(kind: string, shown: boolean) {
    const group = this.#groups.get(kind)
    if (group) group.shown = shown
    this.#draw()
  }

  /** All markers of a kind. One that was elsewhere goes there in the kind's time. */
  put(kind: string, markers: readonly Marker[]) {
    const group = this.#groups.get(kind)
    if (!group) return
    const now = performance.now()
    const before = group.markers
    group.markers = new Map()
    for (const marker of markers) {
      const known = before.get(marker.id)
      const from = known && group.kind.glideMs && !this.still ? placeOf(known, group.kind.glideMs, now) : marker.at
      group.markers.set(marker.id, { marker, from, since: now })
    }
    this.#draw()
  }

  theme(palette: Palette) {
    this.#palette = palette
    this.#sprites.clear()
    this.#draw()
  }

  dispose() { cancelAnimationFrame(this.#next) }

  redraw() { this.#draw() }

  /** The marker nearest to a place on the element, in CSS px. */
  hit([x, y]: readonly number[]): { kind: string; id: string } | null {
    const view = this.#view
    let best: { kind: string; id: string; far: number } | null = null
    if (!view) return null
    const now = performance.now()
    for (const { kind, shown, markers } of this.#groups.values()) {
      if (!shown) continue
      for (const moving of markers.values()) {
        if (moving.marker.level != null && moving.marker.level !== this.level) continue
        const [px, py] = pixelOf(view, ...placeOf(moving, kind.glideMs, now))
        const far = Math.hypot(px / view.ratio - x!, py / view.ratio - y!)
        if (far <= REACH && far < (best?.far ?? Infinity)) best = { kind: kind.id, id: moving.marker.id, far }
      }
    }
    return best
  }

  #render(frame: FrameState): HTMLElement {
    const [width, height] = frame.size as [number, number]
    const { center, resolution } = frame.viewState
    const view = { width: Math.round(width * frame.pixelRatio), height: Math.round(height * frame.pixelRatio), ratio: frame.pixelRatio, resolution, centre: [center[0]! - this.origin[0], center[1]! - this.origin[1]] as const }
    if (this.#canvas.width !== view.width || this.#canvas.height !== view.height) {
      Object.assign(this.#canvas, { width: view.width, height: view.height })
      Object.assign(this.#canvas.style, { width: `${width}px`, height: `${height}px` })
    }
    if (view.ratio !== this.#view?.ratio) this.#sprites.clear()
    this.#view = view
    this.#draw()
    return this.#element
  }

  #draw() {
    const view = this.#view
    if (!view || !this.#palette) return
    cancelAnimationFrame(this.#next)
    const context = this.#canvas.getContext('2d')!
    for (let i = 0; i < this.#drawn.length; i += 3) context.clearRect(this.#drawn[i]!, this.#drawn[i + 1]!, this.#drawn[i + 2]!, this.#drawn[i + 2]!)
    this.#drawn = []
    const now = performance.now()
    const near = view.resolution <= NEAR_UP_TO
    let underWay = false
    for (const { kind, shown, markers } of this.#groups.values()) {
      if (!shown) continue
      for (const moving of markers.values()) {
        const { marker } = moving
        if (marker.level != null && marker.level !== this.level) continue
        if (now - moving.since < kind.glideMs && moving.from !== marker.at) underWay = true
        const [x, y] = pixelOf(view, ...placeOf(moving, kind.glideMs, now))
        if (x < -40 || y < -40 || x > view.width + 40 || y > view.height + 40) continue
        const sprite = this.#sprite(kind, marker.look, (near ? SIZE : FAR_SIZE) * view.ratio)
        const [left, top] = [Math.round(x - sprite.width / 2), Math.round(y - sprite.height / 2)]
        context.drawImage(sprite, left, top)
        this.#drawn.push(left, top, sprite.width)
      }
    }
    if (underWay) this.#next = requestAnimationFrame(() => this.#draw())
  }

  #sprite(kind: MarkerKind, look: string, size: number): HTMLCanvasElement {
    const key = `${kind.id} ${look} ${size}`
    let canvas = this.#sprites.get(key)
    if (canvas) return canvas
    canvas = document.createElement('canvas')
    canvas.width = canvas.height = Math.ceil(size)
    const context = canvas.getContext('2d')!
    context.translate(canvas.width / 2, canvas.height / 2)
    kind.sprites[look]?.(context, size, this.#palette)
    this.#sprites.set(key, canvas)
    return canvas
  }
}

function placeOf({ marker: { at }, from, since }: Moving, glideMs: number, now: number): Point {
  const t = glideMs ? Math.min(1, (now - since) / glideMs) : 1
  return t >= 1 ? at : [from[0] + (at[0] - from[0]) * t, from[1] + (at[1] - from[1]) * t]
}
