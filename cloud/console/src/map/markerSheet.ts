import type { Palette } from '../footfall/palette'
import { clock, placeOf, type Gliding } from './glide'
import { spriteName, spriteSize, type PaintedMarker } from './painting/orders'
import { PaintedSheet, type PainterThread } from './painting/paintedSheet'
import type { Point } from './shape'
import { pixelOf, type Pen, type SheetView } from './sheetView'

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
export type Sprite = (context: Pen, size: number, palette: Palette) => void

/** What a room of the console puts on the map: how its markers look. Which of them there are is told by `put`. */
export interface MarkerKind {
  id: string
  sprites: Record<string, Sprite>
  /** Time that a marker takes from its last place to its next, ms: what lies between two reports is interpolated. 0: it jumps. */
  glideMs: number
}

interface Group { kind: MarkerKind; shown: boolean; markers: Map<string, PaintedMarker> }

/** From how far a marker is met, px. */
const REACH = 13

/** Markers over the map: where each of them is, and its sprites for the painter. */
export class MarkerSheet extends PaintedSheet<'markers'> {
  readonly #groups = new Map<string, Group>()
  readonly #supplied = new Set<string>()
  #level = 0
  #palette: Palette | null = null

  constructor(zIndex: number, origin: Point, painter: PainterThread, private readonly still: boolean) {
    super('markers', zIndex, origin, painter)
  }

  add(kind: MarkerKind) {
    if (!this.#groups.has(kind.id)) this.#groups.set(kind.id, { kind, shown: true, markers: new Map() })
  }

  show(kind: string, shown: boolean) {
    const group = this.#groups.get(kind)
    if (!group || group.shown === shown) return
    group.shown = shown
    this.#tell(group)
  }

  set level(level: number) {
    this.#level = level
    this.order({ level })
  }

  /** All markers of a kind. One that was elsewhere goes there in the kind's time. */
  put(kind: string, markers: readonly Marker[]) {
    const group = this.#groups.get(kind)
    if (!group || (!markers.length && !group.markers.size)) return
    const now = clock()
    const before = group.markers
    group.markers = new Map(markers.map(marker => [marker.id, { ...marker, ...this.#way(group.kind, marker, before.get(marker.id), now) }]))
    this.#tell(group)
  }

  /** Rings the one that is looked at. */
  choose(chosen: { kind: string; id: string } | null) { this.order({ chosen: chosen && { ...chosen } }) }

  theme(palette: Palette) {
    this.#palette = palette
    this.#supplied.clear()
    this.order({ palette })
    if (this.view) this.#supply(this.view, this.#groups.values())
  }

  /** The marker nearest to a place on the window, in CSS px. */
  hit([x, y]: readonly number[], [width, height]: readonly number[]): { kind: string; id: string } | null {
    const { view } = this
    if (!view) return null
    let best: { kind: string; id: string; far: number } | null = null
    const now = clock()
    for (const { kind, shown, markers } of this.#groups.values())
      for (const marker of shown ? markers.values() : []) {
        if (marker.level != null && marker.level !== this.#level) continue
        const [px, py] = pixelOf(view, ...placeOf(marker, kind.glideMs, now))
        const far = Math.hypot((px - view.width / 2) / view.ratio + width! / 2 - x!, (py - view.height / 2) / view.ratio + height! / 2 - y!)
        if (far <= REACH && far < (best?.far ?? Infinity)) best = { kind: kind.id, id: marker.id, far }
      }
    return best
  }

  protected override prepare(view: SheetView) { this.#supply(view, this.#groups.values()) }

  #way({ glideMs }: MarkerKind, marker: Marker, known: Gliding | undefined, now: number): Gliding {
    if (known && known.at[0] === marker.at[0] && known.at[1] === marker.at[1]) return { at: known.at, from: known.from, since: known.since }
    const glides = known && glideMs && !this.still && !marker.jumps
    return { at: marker.at, from: glides ? placeOf(known, glideMs, now) : marker.at, since: now }
  }

  #tell(group: Group) {
    const { kind, shown, markers } = group
    if (this.view) this.#supply(this.view, [group])
    this.order({ kinds: { [kind.id]: shown && markers.size ? { glideMs: kind.glideMs, markers: [...markers.values()] } : null } })
  }

  /** Draws the sprites that are needed for a view and that the painter does not have. */
  #supply(view: SheetView, groups: Iterable<Group>) {
    if (!this.#palette) return
    const size = spriteSize(view)
    const sprites: Record<string, ImageBitmap> = {}
    for (const { kind, shown, markers } of groups)
      for (const { look } of shown ? markers.values() : []) {
        const name = spriteName(kind.id, look, size)
        if (this.#supplied.has(name)) continue
        this.#supplied.add(name)
        const canvas = new OffscreenCanvas(size, size)
        const context = canvas.getContext('2d')!
        context.translate(size / 2, size / 2)
        kind.sprites[look]?.(context, size, this.#palette)
        sprites[name] = canvas.transferToImageBitmap()
      }
    const made = Object.values(sprites)
    if (made.length) this.order({ sprites }, made)
  }
}
