import type { LineProperties } from '../api/types'
import { crossing, joinAt } from './direction'
import type { Point, ZoneShape } from './shape'

/** A counting line of the plan. */
export interface LineShape { id: string; start: Point; end: Point; joins: LineProperties['joins'] }

/** A line as it counts at a time. */
export interface CountingLine {
  id: string
  start: Point
  end: Point
  /** Across the line the way it counts as entering, in map units; null where nobody knows. */
  way: readonly [number, number] | null
  /** Those of its zones: a stair's line shows on both, one whose zones nobody knows everywhere. */
  levels: readonly number[]
}

/** People a minute, as text, the way the line counts as entering and the other. */
export interface LineRate { in: string; out: string }

/** From this many map units a pixel on, and nearer, lines have their rates. */
export const RATES_UP_TO = 0.55

/** The lines the way they counted at a time (unix seconds). */
export function countingAt(lines: readonly LineShape[], at: number, zone: (id: string) => ZoneShape | undefined): CountingLine[] {
  return lines.map(({ id, start, end, joins }) => {
    const join = joinAt(joins, at)
    const [from, to] = join ? [zone(join.from), zone(join.to)] : []
    return { id, start, end, way: join && crossing(start, end, from?.centre, to?.centre), levels: [from, to].flatMap(each => (each ? [each.level] : [])) }
  })
}
