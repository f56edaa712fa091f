import type { Palette } from '../../footfall/palette'
import type { Gliding } from '../glide'
import type { CountingLine, LineRate } from '../lines'
import type { ZoneShape } from '../shape'
import type { Pen, SheetView } from '../sheetView'
import type { ZonePaint } from '../zoneLook'

/** What the painter is told of the zones; what is absent stays as it was. */
export interface ZoneOrder {
  shapes?: readonly ZoneShape[]
  called?: readonly string[]
  palette?: Palette
  level?: number
  /** Whether names are written. */
  names?: boolean
  /** A map lies under them: they have no ground, and let it through. */
  clear?: boolean
  /** How far the ground reaches beyond them, px. */
  rim?: number
  /** By the zones' places in `shapes`. */
  paints?: readonly (readonly [zone: number, paint: ZonePaint])[]
}

export interface LineOrder {
  lines?: readonly CountingLine[]
  rates?: ReadonlyMap<string, LineRate>
  palette?: Palette
  level?: number
  /** How far beside its line a rate stands, px: a device's marker lies on the line's middle. */
  apart?: number
}

/** A marker as the painter needs it. */
export interface PaintedMarker extends Gliding { id: string; level: number | null; look: string }

export interface MarkerOrder {
  palette?: Palette
  level?: number
  /** Sprites by `spriteName`; those of a former palette are replaced. */
  sprites?: Readonly<Record<string, ImageBitmap>>
  /** All of a kind; null: there are none any more. */
  kinds?: Readonly<Record<string, { glideMs: number; markers: readonly PaintedMarker[] } | null>>
  chosen?: { kind: string; id: string } | null
}

export interface Orders { zones: ZoneOrder; lines: LineOrder; markers: MarkerOrder }
export type SheetName = keyof Orders

/** To the painter. `view`: from now on the sheet is wanted for it. */
export type Order = { [Name in SheetName]: { sheet: Name; number: number; order?: Orders[Name]; view?: SheetView; canvases?: [OffscreenCanvas, OffscreenCanvas] } }[SheetName]

/** From the painter: all orders up to this one can be seen on a canvas, which was drawn whole for a view. */
export interface Done { sheet: SheetName; number: number; canvas: 0 | 1; view: SheetView }

/** What draws one sheet in the painter's thread. */
export interface Painter<Name extends SheetName> {
  /** @returns Whether everything has to be drawn anew. */
  take(order: Orders[Name]): boolean
  /** Everything, onto an empty canvas. */
  draw(context: Pen, view: SheetView): void
  /** What has changed since, over a whole picture. */
  touchUp(context: Pen, view: SheetView): void
  /** When it changes by itself, ms from now; null: it stands. */
  next(view: SheetView): number | null
}

export const spriteName = (kind: string, look: string, size: number) => `${kind} ${look} ${size}`

const SIZE = 22
const FAR_SIZE = 10
/** Beyond this many map units a pixel markers are dots. */
const NEAR_UP_TO = 1.6

/** A marker's size in device pixels. */
export const spriteSize = ({ resolution, ratio }: SheetView) => Math.ceil((resolution <= NEAR_UP_TO ? SIZE : FAR_SIZE) * ratio)
