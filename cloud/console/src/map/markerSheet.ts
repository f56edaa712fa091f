import Layer from 'ol/layer/Layer'
import type { FrameState } from 'ol/Map'
import type { Palette } from '../footfall/palette'
import type { Point } from './shape'
import { pixelOf, same, viewOf, type SheetView } from './sheet'

/** Something with a place: a device, a cart, a locker, a kiosk. */
export interface Marker {
  id: string
  /** In map units about the district's middle. */
  at: Point
  /** Null: on every level. */
  level: number | null
  /** Which of its layer's sprites it has. */
  look: string
  /** It did not come here on a straight line from its last place: it is not shown to have. */
  jumps?: boolean
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

interface Placed { marker: Marker; from: Point; since: number }
interface Group { kind: MarkerKind; canvas: HTMLCanvasElement; markers: Map<string, Placed>; sprites: Map<string, HTMLCanvasElement> }

const SIZE = 22
const FAR_SIZE = 10
/** Beyond this many map units a pixel markers are dots. */
const NEAR_UP_TO = 1.6
/** From how far a marker is met, px. */
const REACH = 13
/** How far the quickest marker goes from one picture to the next, device px: less is not seen. */
const STEP = 0.5
/** The least time from one picture to the next, ms: of what goes at walking pace more pictures show no more. */
const LEAST_MS = 33
const FRAME_MS = 16

/**
 * Markers over the map, a canvas for each kind. The canvas of a kind that is under way is drawn as often as half a pixel takes,
 * and not at all while all of it stands: an element for each marker would make every frame of the page dearer.
 */
export class MarkerSheet {
  readonly layer: Layer
  readonly #element = document.createElement('div')
  readonly #groups = new Map<string, Group>()
  #level = 0
  #chosen: { kind: string; id: string } | null = null
  #palette: Palette | null = null
  #view: SheetView | null = null
  #next: { timer?: ReturnType<typeof setTimeout>; frame?: number } | null = null

  constructor(zIndex: number, private readonly origin: Point, private readonly still: boolean) {
    this.#element.className = 'sheet markers'
    this.layer = new Layer({ zIndex, render: frame => this.#render(frame) })
  }

  add(kind: MarkerKind) {
    if (this.#groups.has(kind.id)) return
    const canvas = document.createElement('canvas')
    this.#element.append(canvas)
    this.#groups.set(kind.id, { kind, canvas, markers: new Map(), sprites: new Map() })
  }

  remove(kind: string) {
    this.#groups.get(kind)?.canvas.remove()
    this.#groups.delete(kind)
  }

  show(kind: string, shown: boolean) {
    const group = this.#groups.get(kind)
    if (!group || group.canvas.hidden === !shown) return
    group.canvas.hidden = !shown
    this.#draw([group])
  }

  set level(level: number) {
    this.#level = level
    this.#draw()
  }

  /** All markers of a kind. One that was elsewhere goes there in the kind's time. */
  put(kind: string, markers: readonly Marker[]) {
    const group = this.#groups.get(kind)
    if (!group) return
    const now = performance.now()
    const before = group.markers
    group.markers = new Map(markers.map(marker => [marker.id, this.#place(group.kind, marker, before.get(marker.id), now)]))
    this.#draw([group])
  }

  /** Rings the one that is looked at. */
  choose(chosen: { kind: string; id: string } | null) {
    this.#chosen = chosen
    this.#draw()
  }

  theme(palette: Palette) {
    this.#palette = palette
    for (const group of this.#groups.values()) group.sprites.clear()
    this.#draw()
  }

  /** The marker nearest to a place on the element, in CSS px. */
  hit([x, y]: readonly number[]): { kind: string; id: string } | null {
    const view = this.#view
    let best: { kind: string; id: string; far: number } | null = null
    if (!view) return null
    const now = performance.now()
    for (const group of this.#groups.values())
      for (const placed of this.#shown(group)) {
        const [px, py] = pixelOf(view, ...placeOf(placed, group.kind.glideMs, now))
        const far = Math.hypot(px / view.ratio - x!, py / view.ratio - y!)
        if (far <= REACH && far < (best?.far ?? Infinity)) best = { kind: group.kind.id, id: placed.marker.id, far }
      }
    return best
  }

  #place({ glideMs }: MarkerKind, marker: Marker, known: Placed | undefined, now: number): Placed {
    if (known && known.marker.at[0] === marker.at[0] && known.marker.at[1] === marker.at[1]) return { ...known, marker }
    const glides = known && glideMs && !this.still && !marker.jumps
    return { marker, from: glides ? placeOf(known, glideMs, now) : marker.at, since: now }
  }

  #render(frame: FrameState): HTMLElement {
    const before = this.#view
    this.#view = viewOf(frame, this.origin)
    if (!before || !same(before, this.#view)) this.#draw()
    return this.#element
  }

  /** Draws kinds, all if not said, and then again those that are under way. */
  #draw(groups: Iterable<Group> = this.#groups.values()) {
    const [view, palette, now] = [this.#view, this.#palette, performance.now()]
    if (!view || !palette) return
    for (const group of groups) this.#drawGroup(group, view, palette, now)
    this.#goOn(view, now)
  }

  #drawGroup(group: Group, view: SheetView, palette: Palette, now: number) {
    const { canvas, kind } = group
    if (canvas.hidden) return
    if (canvas.width !== view.width || canvas.height !== view.height) {
      Object.assign(canvas, { width: view.width, height: view.height })
      Object.assign(canvas.style, { width: `${view.width / view.ratio}px`, height: `${view.height / view.ratio}px` })
    }
    const context = canvas.getContext('2d')!
    context.clearRect(0, 0, view.width, view.height)
    const size = Math.ceil((view.resolution <= NEAR_UP_TO ? SIZE : FAR_SIZE) * view.ratio)
    for (const placed of this.#shown(group)) {
      const [x, y] = pixelOf(view, ...placeOf(placed, kind.glideMs, now))
      if (x < -size || y < -size || x > view.width + size || y > view.height + size) continue
      context.drawImage(spriteOf(group, placed.marker.look, size, palette), x - size / 2, y - size / 2)
      if (this.#chosen?.kind === kind.id && this.#chosen.id === placed.marker.id) ring(context, x, y, size / 2, view.ratio, palette)
    }
  }

  #goOn(view: SheetView, now: number) {
    const moving = [...this.#groups.values()].filter(({ canvas }) => !canvas.hidden)
      .map(group => ({ group, speed: Math.max(0, ...this.#shown(group).map(placed => speedOf(placed, group.kind.glideMs, now))) }))
      .filter(({ speed }) => speed > 0)
    clearTimeout(this.#next?.timer)
    cancelAnimationFrame(this.#next?.frame ?? 0)
    this.#next = null
    if (!moving.length) return
    const rest = Math.max(LEAST_MS, STEP / ((Math.max(...moving.map(({ speed }) => speed)) / view.resolution) * view.ratio))
    this.#next = {
      timer: setTimeout(() => { this.#next = { frame: requestAnimationFrame(() => this.#draw(moving.map(({ group }) => group))) } }, rest - FRAME_MS),
    }
  }

  #shown({ canvas, markers }: Group): Placed[] {
    return canvas.hidden ? [] : [...markers.values()].filter(({ marker: { level } }) => level == null || level === this.#level)
  }
}

function spriteOf({ kind, sprites }: Group, look: string, size: number, palette: Palette): HTMLCanvasElement {
  const name = `${look} ${size}`
  let sprite = sprites.get(name)
  if (!sprite) {
    sprite = Object.assign(document.createElement('canvas'), { width: size, height: size })
    const context = sprite.getContext('2d')!
    context.translate(size / 2, size / 2)
    kind.sprites[look]?.(context, size, palette)
    sprites.set(name, sprite)
  }
  return sprite
}

function ring(context: CanvasRenderingContext2D, x: number, y: number, radius: number, ratio: number, palette: Palette) {
  for (const [color, width] of [[palette.outline, 5], [palette.selected, 2.5]] as const) {
    context.beginPath()
    context.arc(x, y, radius + 3 * ratio, 0, 2 * Math.PI)
    context.strokeStyle = color
    context.lineWidth = width * ratio
    context.stroke()
  }
}

function placeOf({ marker: { at }, from, since }: Placed, glideMs: number, now: number): Point {
  const t = glideMs ? Math.min(1, (now - since) / glideMs) : 1
  return t >= 1 ? at : [from[0] + (at[0] - from[0]) * t, from[1] + (at[1] - from[1]) * t]
}

/** Map units per ms; 0 where it stands. */
function speedOf({ marker: { at }, from, since }: Placed, glideMs: number, now: number): number {
  return glideMs && now - since < glideMs ? Math.hypot(at[0] - from[0], at[1] - from[1]) / glideMs : 0
}
