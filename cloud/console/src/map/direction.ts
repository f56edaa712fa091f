import type { LineProperties } from '../api/types'

type Point = readonly number[]

/** The join in force at a time (unix seconds): a line may have moved, its past has not. */
export function joinAt(joins: LineProperties['joins'], at: number): { from: string; to: string } | null {
  const begun = joins.filter(join => Date.parse(join.since) / 1000 <= at)
  return begun.sort((a, b) => Date.parse(b.since) - Date.parse(a.since))[0] ?? null
}

/**
 * The unit vector across a line, from its `from` side to its `to` side. Of the two normals it is the one that looks at
 * the centre of `to`, or away from the centre of `from` where `to` is outside the plan. Null if neither is known.
 */
export function crossing(start: Point, end: Point, from: Point | undefined, to: Point | undefined): [number, number] | null {
  const [dx, dy] = [end[0]! - start[0]!, end[1]! - start[1]!]
  const length = Math.hypot(dx, dy)
  if (length === 0 || (!from && !to)) return null
  const normal: [number, number] = [-dy / length, dx / length]
  const middle = [(start[0]! + end[0]!) / 2, (start[1]! + end[1]!) / 2]
  const sight = to ? [to[0]! - middle[0]!, to[1]! - middle[1]!] : [middle[0]! - from![0]!, middle[1]! - from![1]!]
  return normal[0] * sight[0]! + normal[1] * sight[1]! >= 0 ? normal : [-normal[0], -normal[1]]
}
