import type Feature from 'ol/Feature'
import type MultiPolygon from 'ol/geom/MultiPolygon'
import type Point from 'ol/geom/Point'
import type Polygon from 'ol/geom/Polygon'
import PointGeometry from 'ol/geom/Point'
import { getHeight, getWidth } from 'ol/extent'
import Fill from 'ol/style/Fill'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import Text from 'ol/style/Text'
import type { Palette } from '../footfall/palette'
import { hatch } from './hatch'
import { labelRoom } from './labels'

export type ZoneFeature = Feature<Polygon | MultiPolygon>

/** What is drawn of a zone, kept beside the feature: plain fields, so that a change raises no event per zone. */
export interface ZoneLook {
  id: string
  name: string
  level: number
  /** Class of the scale, null = no data. */
  class: number | null
  text: string
  width: number
  height: number
  centre: Point
}

const FONT = "-apple-system, 'Segoe UI', 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei UI', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"

/** The point to write at: inside the zone, on its widest part. */
function centreOf(geometry: Polygon | MultiPolygon): Point {
  if (geometry.getType() === 'Polygon') return new PointGeometry((geometry as Polygon).getInteriorPoint().getCoordinates().slice(0, 2))
  const parts = (geometry as MultiPolygon).getPolygons().sort((a, b) => b.getArea() - a.getArea())
  return new PointGeometry(parts[0]!.getInteriorPoint().getCoordinates().slice(0, 2))
}

export function lookOf(feature: ZoneFeature, name: string): ZoneLook {
  const geometry = feature.getGeometry()!
  const extent = geometry.getExtent()
  // A zone that stands askew fills little of its extent, and has less room for words.
  const filled = geometry.getArea() / (getWidth(extent) * getHeight(extent) || 1)
  return {
    id: String(feature.getId()), name, level: Number(feature.get('level') ?? 0), class: null, text: '',
    width: getWidth(extent) * Math.sqrt(filled), height: getHeight(extent) * filled, centre: centreOf(geometry),
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
  return (look, resolution) => {
    const room = labelRoom(look.width / resolution, look.height / resolution, look.name, look.text)
    if (!room || !look.text) return undefined
    const key = `${room.name}|${room.number}|${look.class}|${look.text}|${look.name}`
    const known = cache.get(look.id)
    if (known?.key === key) return known.style
    const number = `600 ${room.number}px ${FONT}`
    const style = new Style({
      geometry: look.centre,
      text: new Text({
        text: room.name ? [look.name, `400 ${room.name}px ${FONT}`, '\n', '', look.text, number] : [look.text, number],
        font: number,
        fill: inks[look.class ?? palette.classes.length]!,
        justify: 'center',
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
