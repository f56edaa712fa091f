import type { Palette } from '../../footfall/palette'
import { trustShapes } from '../../footfall/trustShapes'
import { hatch } from '../hatch'
import { BESIDE, labelFor, NAME_UP, NUMBER_DOWN } from '../labels'
import { inMapUnits, pixelOf, type Pen, type SheetView } from '../sheetView'
import { lookOf, MARKS, type Mark, type ZoneLook, type ZonePaint } from '../zoneLook'
import type { Painter, ZoneOrder } from './orders'

const marks = Object.fromEntries(MARKS.map(mark => [mark, new Path2D(trustShapes[mark])])) as Record<Mark, Path2D>

const FONT = "-apple-system, 'Segoe UI', 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei UI', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
/** Room that a mark takes beside a number, in its letters' size. */
const MARK_ROOM = '　'
const MARK_UNITS = 16
/** The least width of a street on screen, px. */
const LEAST_STREET = 7

/**
 * The zones of one level in their colours with their words; those of other levels as bare outlines. They stand on a ground:
 * all their outlines, drawn wide enough to run together.
 */
export class ZonePainter implements Painter<'zones'> {
  readonly #changed = new Set<ZoneLook>()
  #looks: ZoneLook[] = []
  #palette: Palette | null = null
  #level = 0
  #names = true
  #clear = false
  #rim = 60

  take({ shapes, called, palette, level, names, clear, rim, paints }: ZoneOrder): boolean {
    if (shapes) this.#looks = shapes.map(shape => lookOf(shape, ''))
    called?.forEach((name, zone) => { this.#looks[zone]!.name = name })
    this.#palette = palette ?? this.#palette
    this.#level = level ?? this.#level
    this.#names = names ?? this.#names
    this.#clear = clear ?? this.#clear
    this.#rim = rim ?? this.#rim
    for (const [zone, paint] of paints ?? []) this.#changed.add(Object.assign(this.#looks[zone]!, paint))
    return [shapes, called, palette, level, names, clear, rim].some(told => told !== undefined)
  }

  draw(context: Pen, view: SheetView) {
    this.#changed.clear()
    if (!this.#palette) return
    const pen = this.#pen(context, view, this.#palette)
    if (!this.#clear) pen.ground(this.#looks, this.#rim)
    const near = this.#looks.filter(look => inside(look, view))
    for (const look of near) if (look.shape.level !== this.#level) pen.ghost(look)
    for (const look of near) if (look.shape.level === this.#level) pen.zone(look)
  }

  /** A zone's own words lie within it, so that drawing it again leaves its neighbours as they are. */
  touchUp(context: Pen, view: SheetView) {
    if (!this.#palette || !this.#changed.size) return
    const pen = this.#pen(context, view, this.#palette)
    for (const look of this.#changed) {
      if (look.shape.level !== this.#level || !inside(look, view)) continue
      if (this.#clear) pen.erase(look)
      pen.zone(look)
    }
    this.#changed.clear()
  }

  next(): null { return null }

  #pen(context: Pen, view: SheetView, palette: Palette) {
    const px = view.resolution
    inMapUnits(context, view)
    const units = context.getTransform()
    const stripes = hatch(palette.noData.ground, palette.noData.stripe, view.ratio)
    // The pattern keeps its size on screen.
    if (typeof stripes !== 'string') stripes.setTransform(units.inverse())
    const fills = [...palette.classes]
    context.lineJoin = 'round'
    context.lineCap = 'round'

    const fillOf = (shade: ZonePaint['shade']) => (shade === null ? stripes : shade === undefined || shade === 'na' ? palette.noData.ground : fills[shade]!)
    const street = (look: ZoneLook) => Math.max(look.shape.street!, LEAST_STREET * px)
    const draw = (look: ZoneLook) => {
      context.setTransform(units)
      context.globalAlpha = this.#clear ? 0.78 : 1
      if (look.shape.street != null) {
        context.strokeStyle = palette.outline
        context.lineWidth = street(look) + 3 * px
        context.stroke(look.path)
        context.strokeStyle = fillOf(look.shade)
        context.lineWidth = street(look)
        context.stroke(look.path)
      } else {
        context.fillStyle = fillOf(look.shade)
        context.fill(look.path)
        context.strokeStyle = palette.outline
        context.lineWidth = 1.5 * px
        context.stroke(look.path)
      }
      context.globalAlpha = 1
      if (look.shade === 'na' && look.shape.street == null) {
        context.strokeStyle = palette.noData.stripe
        context.lineWidth = px
        context.setLineDash([1.5 * px, 3 * px])
        context.stroke(look.path)
        context.setLineDash([])
      }
    }

    const words = (look: ZoneLook) => {
      const { room, centre } = look.shape
      const label = look.text ? labelFor(room, px, this.#names ? look.name : '', look.mark ? look.text + MARK_ROOM : look.text) : null
      if (!label) return
      const [x, y] = pixelOf(view, centre[0], centre[1])
      const r = view.ratio
      // Canvas turns clockwise.
      const [cos, sin] = [Math.cos(-room.angle), Math.sin(-room.angle)]
      context.setTransform(cos, sin, -sin, cos, x, y)
      const ink = look.shade == null || look.shade === 'na' ? palette.noData.ink : palette.ink[look.shade]!
      context.textBaseline = 'middle'
      const number = () => { context.font = `600 ${label.number.size * r}px ${FONT}` }
      number()
      const digits = context.measureText(look.text).width
      const width = digits + (look.mark ? label.number.size * r : 0)
      let left = label.number.aside * r - width / 2
      let top = 0
      if (label.name) {
        context.font = `400 ${label.name.size * r}px ${FONT}`
        context.fillStyle = ink
        if (label.stacked) {
          context.textAlign = 'center'
          context.fillText(look.name, label.name.aside * r, -NAME_UP * label.number.size * r)
          top = NUMBER_DOWN * label.number.size * r
        } else {
          const beside = context.measureText(look.name).width + BESIDE * r
          context.textAlign = 'left'
          context.fillText(look.name, left - beside / 2, 0)
          left += beside / 2
        }
        number()
      }
      context.textAlign = 'left'
      context.fillStyle = ink
      context.fillText(look.text, left, top)
      if (!look.mark) return
      const side = (label.number.size * 0.9 * r) / MARK_UNITS
      context.transform(side, 0, 0, side, left + digits + label.number.size * 0.12 * r, top - (MARK_UNITS / 2) * side)
      context.strokeStyle = ink
      context.lineWidth = 1.9
      context.stroke(marks[look.mark])
    }

    return {
      zone(look: ZoneLook) { draw(look); words(look) },
      erase(look: ZoneLook) {
        context.setTransform(units)
        context.globalCompositeOperation = 'destination-out'
        if (look.shape.street == null) context.fill(look.path)
        context.lineWidth = look.shape.street == null ? 1.5 * px : street(look) + 3 * px
        context.stroke(look.path)
        context.globalCompositeOperation = 'source-over'
      },
      ground(looks: readonly ZoneLook[], rim: number) {
        context.setTransform(units)
        for (const [color, width] of [[palette.plateEdge, rim + 2], [palette.plate, rim]] as const) {
          context.strokeStyle = context.fillStyle = color
          for (const { path, shape } of looks) {
            context.lineWidth = (shape.street ?? 0) + width * px
            context.stroke(path)
            if (shape.street == null) context.fill(path)
          }
        }
      },
      ghost(look: ZoneLook) {
        context.setTransform(units)
        context.strokeStyle = palette.plateEdge
        context.lineWidth = look.shape.street == null ? px : Math.max(street(look), px)
        if (look.shape.street != null) context.globalAlpha = 0.4
        context.stroke(look.path)
        context.globalAlpha = 1
      },
    }
  }
}

function inside({ shape: { box } }: ZoneLook, view: SheetView): boolean {
  const [w, h] = [(view.width / view.ratio / 2) * view.resolution, (view.height / view.ratio / 2) * view.resolution]
  return box[0] < view.centre[0] + w && box[2] > view.centre[0] - w && box[1] < view.centre[1] + h && box[3] > view.centre[1] - h
}
