import Layer from 'ol/layer/Layer'
import type { FrameState } from 'ol/Map'
import type { Palette } from '../footfall/palette'
import type { Point } from './shape'

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

interface Placed { marker: Marker; from: Point; since: number; canvas: HTMLCanvasElement; drawn: string; glide: Animation | null }
interface Group { kind: MarkerKind; element: HTMLElement; markers: Map<string, Placed> }
/** Map units per CSS px, and the place that is at the window's middle. */
interface View { width: number; height: number; ratio: number; resolution: number; centre: Point }

const SIZE = 22
const FAR_SIZE = 10
/** Beyond this many map units a pixel markers are dots. */
const NEAR_UP_TO = 1.6
/** From how far a marker is met, px. */
const REACH = 13

/**
 * Markers over the map, each an element of its own: the browser's compositor glides them from place to place, so that 200
 * of them under way cost the page's thread nothing between two reports.
 */
export class MarkerSheet {
  readonly layer: Layer
  readonly #element = document.createElement('div')
  readonly #plane = document.createElement('div')
  readonly #groups = new Map<string, Group>()
  #level = 0
  #palette: Palette | null = null
  #view: View | null = null
  /** The view that the markers' own places are written for; the plane is moved for all others of its resolution. */
  #anchor: View | null = null

  constructor(zIndex: number, private readonly origin: Point, private readonly still: boolean) {
    this.#element.className = 'sheet markers'
    this.#plane.className = 'plane'
    this.#element.append(this.#plane)
    this.layer = new Layer({ zIndex, render: frame => this.#render(frame) })
  }

  add(kind: MarkerKind) {
    if (this.#groups.has(kind.id)) return
    const element = document.createElement('div')
    this.#plane.append(element)
    this.#groups.set(kind.id, { kind, element, markers: new Map() })
  }

  remove(kind: string) {
    this.#groups.get(kind)?.element.remove()
    this.#groups.delete(kind)
  }

  show(kind: string, shown: boolean) {
    const group = this.#groups.get(kind)
    if (group) group.element.hidden = !shown
  }

  set level(level: number) {
    this.#level = level
    this.#all((_, placed) => this.#hide(placed))
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
      before.delete(marker.id)
      const from = known && group.kind.glideMs && !this.still ? placeOf(known, group.kind.glideMs, now) : marker.at
      const placed = { marker, from, since: now, canvas: known?.canvas ?? document.createElement('canvas'), drawn: known?.drawn ?? '', glide: known?.glide ?? null }
      group.markers.set(marker.id, placed)
      if (!known) group.element.append(placed.canvas)
      const stays = known && known.marker.at[0] === marker.at[0] && known.marker.at[1] === marker.at[1]
      if (!stays) this.#place(group, placed, now)
      this.#paint(group, placed)
      this.#hide(placed)
    }
    for (const gone of before.values()) gone.canvas.remove()
  }

  theme(palette: Palette) {
    this.#palette = palette
    this.#all((group, placed) => { placed.drawn = ''; this.#paint(group, placed) })
  }

  /** The marker nearest to a place on the element, in CSS px. */
  hit([x, y]: readonly number[]): { kind: string; id: string } | null {
    const view = this.#view
    let best: { kind: string; id: string; far: number } | null = null
    if (!view) return null
    const now = performance.now()
    this.#all(({ kind, element }, placed) => {
      if (element.hidden || placed.canvas.hidden) return
      const [px, py] = offset(view, placeOf(placed, kind.glideMs, now))
      const far = Math.hypot(view.width / 2 + px - x!, view.height / 2 + py - y!)
      if (far <= REACH && far < (best?.far ?? Infinity)) best = { kind: kind.id, id: placed.marker.id, far }
    })
    return best
  }

  #all(act: (group: Group, placed: Placed) => void) {
    for (const group of this.#groups.values()) for (const placed of group.markers.values()) act(group, placed)
  }

  #render(frame: FrameState): HTMLElement {
    const [width, height] = frame.size as [number, number]
    const { center, resolution } = frame.viewState
    const view = (this.#view = { width, height, ratio: frame.pixelRatio, resolution, centre: [center[0]! - this.origin[0], center[1]! - this.origin[1]] as const })
    if (!this.#anchor || this.#anchor.resolution !== resolution || this.#anchor.ratio !== view.ratio) {
      this.#anchor = view
      const now = performance.now()
      this.#all((group, placed) => { this.#place(group, placed, now); this.#paint(group, placed) })
    }
    const [x, y] = offset(view, this.#anchor.centre)
    const transform = `translate(${width / 2 + x}px, ${height / 2 + y}px)`
    if (this.#plane.style.transform !== transform) this.#plane.style.transform = transform
    return this.#element
  }

  #place({ kind }: Group, placed: Placed, now: number) {
    if (!this.#anchor) return
    placed.glide?.cancel()
    placed.glide = null
    const to = translate(this.#anchor, placed.marker.at)
    placed.canvas.style.transform = to
    const left = kind.glideMs - (now - placed.since)
    if (placed.from === placed.marker.at || left <= 0) return
    const from = translate(this.#anchor, placeOf(placed, kind.glideMs, now))
    placed.glide = placed.canvas.animate([{ transform: from }, { transform: to }], { duration: left })
  }

  /** Only where it looks otherwise than it is drawn. */
  #paint({ kind }: Group, placed: Placed) {
    const [view, palette, { canvas, marker }] = [this.#anchor, this.#palette, placed]
    if (!view || !palette) return
    const size = view.resolution <= NEAR_UP_TO ? SIZE : FAR_SIZE
    const drawn = `${marker.look} ${size} ${view.ratio}`
    if (placed.drawn === drawn) return
    placed.drawn = drawn
    canvas.width = canvas.height = Math.ceil(size * view.ratio)
    canvas.style.width = canvas.style.height = `${size}px`
    canvas.style.margin = `${-size / 2}px`
    const context = canvas.getContext('2d')!
    context.translate(canvas.width / 2, canvas.height / 2)
    kind.sprites[marker.look]?.(context, size * view.ratio, palette)
  }

  #hide({ marker, canvas }: Placed) {
    const hidden = marker.level != null && marker.level !== this.#level
    if (canvas.hidden !== hidden) canvas.hidden = hidden
  }
}

/** From the window's middle, in CSS px. */
const offset = ({ centre, resolution }: View, [x, y]: Point): Point => [(x - centre[0]) / resolution, (centre[1] - y) / resolution]

function translate(view: View, at: Point): string {
  const [x, y] = offset(view, at)
  return `translate(${x}px, ${y}px)`
}

function placeOf({ marker: { at }, from, since }: Placed, glideMs: number, now: number): Point {
  const t = glideMs ? Math.min(1, (now - since) / glideMs) : 1
  return t >= 1 ? at : [from[0] + (at[0] - from[0]) * t, from[1] + (at[1] - from[1]) * t]
}
