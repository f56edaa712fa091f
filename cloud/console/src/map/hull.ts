type Point = number[]

const turn = (o: Point, a: Point, b: Point) => (a[0]! - o[0]!) * (b[1]! - o[1]!) - (a[1]! - o[1]!) * (b[0]! - o[0]!)

function chain(points: Point[]): Point[] {
  const kept: Point[] = []
  for (const point of points) {
    while (kept.length > 1 && turn(kept.at(-2)!, kept.at(-1)!, point) <= 0) kept.pop()
    kept.push(point)
  }
  kept.pop()
  return kept
}

/** Convex hull (Andrew's monotone chain), closed ring, counter-clockwise. */
export function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)
  const ring = [...chain(sorted), ...chain(sorted.reverse())]
  return ring.length ? [...ring, ring[0]!] : []
}
