type Point = readonly number[]

/** About how wide a text is in px: CJK characters are square, Latin ones a good half. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += character.codePointAt(0)! > 0x2e7f ? size : size * 0.56
  return width
}

/** The room that a zone has for words, in map units: a length along an angle (radians, counter-clockwise) and one across it. */
export interface Room { along: number; across: number; angle: number }

/** A zone this many times as long as wide is a street: its words run along it. */
const STREET = 3

/**
 * The room in a ring of points around a place to write at. `inner` is the distance from there to the nearest edge: it
 * bounds what fits across. The axis is the ring's main one (principal component of its edges).
 */
export function roomIn(ring: readonly Point[], inner: number): Room {
  let [xx, xy, yy] = [0, 0, 0]
  for (let i = 1; i < ring.length; i++) {
    const [dx, dy] = [ring[i]![0]! - ring[i - 1]![0]!, ring[i]![1]! - ring[i - 1]![1]!]
    const length = Math.hypot(dx, dy)
    xx += dx * dx * length
    xy += dx * dy * length
    yy += dy * dy * length
  }
  const axis = Math.atan2(2 * xy, xx - yy) / 2
  const span = (angle: number) => {
    const along = ring.map(([x, y]) => x! * Math.cos(angle) + y! * Math.sin(angle))
    return Math.max(...along) - Math.min(...along)
  }
  const [along, across] = [span(axis), Math.min(span(axis + Math.PI / 2), 2 * inner)]
  if (along > STREET * across) return { along: along * 0.9, across, angle: axis }
  return { along: Math.min(span(0), 2.45 * inner), across: Math.min(span(Math.PI / 2), 2 * inner), angle: 0 }
}

/** Sizes of a zone's words in px; `name` null = the number alone. `stacked`: the name above the number, else beside it. */
export interface Label { name: number | null; number: number; stacked: boolean }

/** The largest words that fit into a room of a size in px; null if none do. */
export function labelFor(along: number, across: number, name: string, number: string): Label | null {
  const size = [15, 12].find(px => along >= textWidth(number, px) + 5 && across >= px + 1)
  if (!size) return null
  const stacked = across >= 40 ? [12, 11].find(px => along >= textWidth(name, px) + 6) : undefined
  if (stacked) return { name: stacked, number: size, stacked: true }
  const beside = [12, 11].find(px => across >= px + 3 && along >= textWidth(name, px) + textWidth(number, size) + 24)
  return { name: beside ?? null, number: size, stacked: false }
}
