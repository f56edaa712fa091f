import { roomIn, type Room } from './labels'

export type Point = readonly [number, number]

/** A zone's form in map units about the district's middle: an outline, or a street segment's middle line with its width. */
export interface ZoneShape {
  readonly id: string
  readonly level: number
  /** An outline's ring is closed. */
  readonly points: readonly Point[]
  readonly street: number | null
  readonly box: readonly [number, number, number, number]
  readonly centre: Point
  readonly room: Room
}

export function shapeOf(id: string, level: number, points: readonly Point[], street: number | null, inner?: { centre: Point; radius: number }): ZoneShape {
  const half = (street ?? 0) / 2
  const xs = points.map(p => p[0])
  const ys = points.map(p => p[1])
  const box = [Math.min(...xs) - half, Math.min(...ys) - half, Math.max(...xs) + half, Math.max(...ys) + half] as const
  if (street != null) {
    const { centre, angle, length } = longest(points)
    const [x, y] = [length / 2, half]
    return { id, level, points, street, box, centre, room: { ring: [[-x, -y], [x, -y], [x, y], [-x, y], [-x, -y]], angle } }
  }
  return { id, level, points, street, box, centre: inner!.centre, room: roomIn(points, inner!.centre, inner!.radius) }
}

/** Where the words of a street stand: on its longest straight part. */
function longest(line: readonly Point[]): { centre: Point; angle: number; length: number } {
  let best = { centre: line[0]!, angle: 0, length: -1 }
  for (let i = 1; i < line.length; i++) {
    const [[ax, ay], [bx, by]] = [line[i - 1]!, line[i]!]
    const length = Math.hypot(bx - ax, by - ay)
    if (length <= best.length) continue
    const angle = Math.atan2(by - ay, bx - ax)
    // Upright: never upside down.
    best = { centre: [(ax + bx) / 2, (ay + by) / 2], angle: Math.abs(angle) > Math.PI / 2 ? angle - Math.sign(angle) * Math.PI : angle, length }
  }
  return best
}

/** Whether a place lies on a zone; a street is met from `reach` map units beside it, too. */
export function covers(shape: ZoneShape, [x, y]: Point, reach = 0): boolean {
  const [west, south, east, north] = shape.box
  if (x < west - reach || x > east + reach || y < south - reach || y > north + reach) return false
  return shape.street == null ? inRing(shape.points, x, y) : distance(shape.points, x, y) <= shape.street / 2 + reach
}

function inRing(ring: readonly Point[], x: number, y: number): boolean {
  let inside = false
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1]!, ring[i]!]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}

function distance(line: readonly Point[], x: number, y: number): number {
  let least = Infinity
  for (let i = 1; i < line.length; i++) {
    const [[ax, ay], [bx, by]] = [line[i - 1]!, line[i]!]
    const [dx, dy] = [bx - ax, by - ay]
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy))
  }
  return least
}

export type Way = 'left' | 'right' | 'up' | 'down'
const WAYS: Record<Way, Point> = { left: [-1, 0], right: [1, 0], up: [0, 1], down: [0, -1] }

/** The zone that lies next in a direction: the nearest whose middle is within 60° of it; what is aside counts as farther. */
export function nextZone(shapes: readonly ZoneShape[], from: Point, way: Way, but: string | null): ZoneShape | null {
  const [wx, wy] = WAYS[way]
  let best: { shape: ZoneShape; cost: number } | null = null
  for (const shape of shapes) {
    if (shape.id === but) continue
    const [dx, dy] = [shape.centre[0] - from[0], shape.centre[1] - from[1]]
    const ahead = dx * wx + dy * wy
    const aside = Math.abs(dx * wy - dy * wx)
    if (ahead <= 0 || aside > ahead * 1.75) continue
    const cost = ahead + 2 * aside
    if (!best || cost < best.cost) best = { shape, cost }
  }
  return best?.shape ?? null
}
