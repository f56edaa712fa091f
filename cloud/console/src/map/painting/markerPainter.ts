import type { Palette } from '../../footfall/palette'
import { clock, placeOf, speedOf } from '../glide'
import { pixelOf, type Pen, type SheetView } from '../sheetView'
import { spriteName, spriteSize, type MarkerOrder, type Painter } from './orders'

/** How far the quickest marker goes from one picture to the next, device px: less is not seen. */
const STEP = 0.5
/** The least time from one picture to the next, ms: of what goes at walking pace more pictures show no more. */
const LEAST_MS = 33

/** Markers, drawn again as often as half a pixel of the quickest one's way takes, and not at all while all of them stand. */
export class MarkerPainter implements Painter<'markers'> {
  readonly #sprites = new Map<string, ImageBitmap>()
  readonly #kinds = new Map<string, NonNullable<NonNullable<MarkerOrder['kinds']>[string]>>()
  #palette: Palette | null = null
  #level = 0
  #chosen: MarkerOrder['chosen'] = null

  take({ palette, level, sprites, kinds, chosen }: MarkerOrder): boolean {
    if (palette) {
      this.#palette = palette
      for (const sprite of this.#sprites.values()) sprite.close()
      this.#sprites.clear()
    }
    for (const [name, sprite] of Object.entries(sprites ?? {})) this.#sprites.set(name, sprite)
    for (const [kind, group] of Object.entries(kinds ?? {})) {
      if (group) this.#kinds.set(kind, group)
      else this.#kinds.delete(kind)
    }
    this.#level = level ?? this.#level
    if (chosen !== undefined) this.#chosen = chosen
    return false
  }

  draw(context: Pen, view: SheetView) {
    const now = clock()
    const size = spriteSize(view)
    for (const [kind, { glideMs, markers }] of this.#kinds)
      for (const marker of markers) {
        if (marker.level != null && marker.level !== this.#level) continue
        const [x, y] = pixelOf(view, ...placeOf(marker, glideMs, now))
        if (x < -size || y < -size || x > view.width + size || y > view.height + size) continue
        const sprite = this.#sprites.get(spriteName(kind, marker.look, size))
        if (sprite) context.drawImage(sprite, x - size / 2, y - size / 2)
        if (this.#palette && this.#chosen?.kind === kind && this.#chosen.id === marker.id) ring(context, x, y, size / 2, view.ratio, this.#palette)
      }
  }

  touchUp(context: Pen, view: SheetView) {
    context.clearRect(0, 0, view.width, view.height)
    this.draw(context, view)
  }

  next(view: SheetView): number | null {
    const now = clock()
    let speed = 0
    for (const { glideMs, markers } of this.#kinds.values())
      for (const marker of markers) if (marker.level == null || marker.level === this.#level) speed = Math.max(speed, speedOf(marker, glideMs, now))
    return speed ? Math.max(LEAST_MS, STEP / ((speed / view.resolution) * view.ratio)) : null
  }
}

function ring(context: Pen, x: number, y: number, radius: number, ratio: number, palette: Palette) {
  for (const [color, width] of [[palette.outline, 5], [palette.selected, 2.5]] as const) {
    context.beginPath()
    context.arc(x, y, radius + 3 * ratio, 0, 2 * Math.PI)
    context.strokeStyle = color
    context.lineWidth = width * ratio
    context.stroke()
  }
}
