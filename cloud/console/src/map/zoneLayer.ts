import type Feature from 'ol/Feature'
import type MultiPolygon from 'ol/geom/MultiPolygon'
import type Polygon from 'ol/geom/Polygon'
import LineString from 'ol/geom/LineString'
import Point from 'ol/geom/Point'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import type { Palette } from '../footfall/palette'
import { hatch } from './hatch'
import { labelFor, roomIn, type Room } from './labels'

export type ZoneFeature = Feature<Polygon | MultiPolygon>

/** What is drawn of a zone, kept beside the feature: plain fields, so that a change raises no event per zone. */
export interface ZoneLook {
  id: string
  name: string
  level: number
  /** Class of the scale, null = no data. */
  class: number | null
  text: string
  room: Room
  centre: Point
}

const FONT = "-apple-system, 'Segoe UI', 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei UI', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"

/** The polygon to write in: of several parts, the largest. */
function mainPart(geometry: Polygon | MultiPolygon): Polygon {
  if (geometry.getType() === 'Polygon') return geometry as Polygon
  return (geometry as MultiPolygon).getPolygons().sort((a, b) => b.getArea() - a.getArea())[0]!
}

export function lookOf(feature: ZoneFeature, name: string): ZoneLook {
  const part = mainPart(feature.getGeometry()!)
  const centre = part.getInteriorPoint().getCoordinates().slice(0, 2)
  const edge = new LineString(part.getLinearRing(0)!.getCoordinates()).getClosestPoint(centre)
  const inner = Math.hypot(edge[0]! - centre[0]!, edge[1]! - centre[1]!)
  return {
    id: String(feature.getId()), name, level: Number(feature.get('level') ?? 0), class: null, text: '',
    room: roomIn(part.getCoordinates()[0]!, inner), centre: new Point(centre),
  }
}

/** One style per class, shared by all zones of it. */
export function fillStyles(palette: Palette): (look: ZoneLook) => Style {
  const stroke = new Stroke({ color: palette.outline, width: 1.5, lineJoin: 'round' })
  const classes = palette.classes.map(color => new Style({ fill: new Fill({ color }), stroke }))
  const none = new Style({ fill: new Fill({ color: hatch(palette.noData.ground, palette.noData.stripe) }), stroke })
  return look => (look.class == null ? none : classes[look.class]!)
}

/** Name and number where they fit; a style is made anew only when its text or its room changes. */
export function labelStyles(palette: Palette): (look: ZoneLook, resolution: number) => Style | undefined {
  const cache = new Map<string, { key: string; style: Style }>()
  const inks = [...palette.ink, palette.noData.ink].map(color => new Fill({ color }))
  const halos = [...palette.classes, palette.noData.ground].map(color => new Stroke({ color, width: 3, lineJoin: 'round' }))
  return (look, resolution) => {
    const { along, across, angle } = look.room
    const label = look.text ? labelFor(along / resolution, across / resolution, look.name, look.text) : null
    if (!label) return undefined
    const key = `${label.name}|${label.number}|${label.stacked}|${look.class}|${look.text}|${look.name}`
    const known = cache.get(look.id)
    if (known?.key === key) return known.style
    const number = `600 ${label.number}px ${FONT}`
    const style = new Style({
      geometry: look.centre,
      text: new Text({
        text: label.name ? [look.name, `400 ${label.name}px ${FONT}`, label.stacked ? '\n' : '  ', '', look.text, number] : [look.text, number],
        font: number,
        fill: inks[look.class ?? palette.classes.length]!,
        // Keeps words legible where a counting line passes under them.
        stroke: halos[look.class ?? palette.classes.length]!,
        justify: 'center',
        // Canvas turns clockwise.
        rotation: -angle,
        rotateWithView: true,
        overflow: true,
      }),
    })
    cache.set(look.id, { key, style })
    return style
  }
}

/** Outline over a zone: a casing in the ground's colour keeps it visible on every class. */
export function outlineStyle(color: string, casing: string, width: number): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: casing, width: width + 3, lineJoin: 'round' }) }),
    new Style({ stroke: new Stroke({ color, width, lineJoin: 'round' }) }),
  ]
}
