import type Feature from 'ol/Feature'
import type LineString from 'ol/geom/LineString'
import MultiLineString from 'ol/geom/MultiLineString'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import type { LineProperties } from '../api/types'
import { crossing, joinAt } from './direction'

/** Beyond this many metres a pixel the lines would only be dust. */
const LINES_UP_TO = 4
const ARROWS_UP_TO = 2.4
const SHAFT_PX = 5.5
const HEAD_PX = 3

/** A counting line, thin, with an arrow that points the way it counts as entering; the casing keeps it visible on dark fills. */
export function lineStyles(color: string, casing: string, centreOf: (zone: string) => number[] | undefined, at: () => number) {
  const stroke = new Stroke({ color, width: 1.2, lineCap: 'round' })
  const under = new Stroke({ color: `${casing}b0`, width: 2.8, lineCap: 'round' })
  const drawn = (geometry: LineString | MultiLineString) => [new Style({ geometry, stroke: under }), new Style({ geometry, stroke })]
  return (feature: Feature<LineString>, resolution: number): Style[] => {
    if (resolution > LINES_UP_TO) return []
    const geometry = feature.getGeometry()!
    if (resolution > ARROWS_UP_TO) return drawn(geometry)
    const join = joinAt((feature.get('joins') as LineProperties['joins'] | undefined) ?? [], at())
    const [start, end] = [geometry.getFirstCoordinate(), geometry.getLastCoordinate()]
    const way = join && crossing(start, end, centreOf(join.from), centreOf(join.to))
    return way ? [...drawn(geometry), ...drawn(arrow(start, end, way, resolution))] : drawn(geometry)
  }
}

function arrow(start: number[], end: number[], [x, y]: [number, number], resolution: number): MultiLineString {
  const middle = [(start[0]! + end[0]!) / 2, (start[1]! + end[1]!) / 2] as const
  const shaft = SHAFT_PX * resolution
  const head = HEAD_PX * resolution
  const tip = [middle[0] + x * shaft, middle[1] + y * shaft]
  const wing = (side: number) => [tip[0]! - x * head + side * y * head, tip[1]! - y * head - side * x * head]
  return new MultiLineString([
    [[middle[0] - x * shaft, middle[1] - y * shaft], tip],
    [wing(1), tip, wing(-1)],
  ])
}
