type Point = readonly number[]

/** About how wide a text is in px: CJK characters are square, Latin ones a good half. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += character.codePointAt(0)! > 0x2e7f ? size : size * 0.56
  return width
}

/**
 * The room that a zone has for words about the place where they stand, in map units. `ring` is its outline about that place,
 * turned so that the words run along x; y points up. `angle`: of the words on the map, radians, counter-clockwise.
 */
export interface Room { ring: readonly Point[]; angle: number }

/** A zone this many times as long as wide is a street: its words run along it. */
const STREET = 3

/**
 * The room in a ring of points around a place to write at. `inner` is the distance from there to the nearest edge. The axis
 * is the ring's main one (principal component of its edges).
 */
export function roomIn(ring: readonly Point[], [x, y]: Point, inner: number): Room {
  let [xx, xy, yy] = [0, 0, 0]
  for (let i = 1; i < ring.length; i++) {
    const [dx, dy] = [ring[i]![0]! - ring[i - 1]![0]!, ring[i]![1]! - ring[i - 1]![1]!]
    const length = Math.hypot(dx, dy)
    xx += dx * dx * length
    xy += dx * dy * length
    yy += dy * dy * length
  }
  const axis = Math.atan2(2 * xy, xx - yy) / 2
  const about = (angle: number) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    return ring.map(([px, py]) => [(px! - x!) * cos + (py! - y!) * sin, (py! - y!) * cos - (px! - x!) * sin])
  }
  const span = (of: number[]) => Math.max(...of) - Math.min(...of)
  const turned = about(axis)
  const street = span(turned.map(([along]) => along!)) > STREET * Math.min(span(turned.map(([, across]) => across!)), 2 * inner)
  return street ? { ring: turned, angle: axis } : { ring: about(0), angle: 0 }
}

/** Where a line of a height fits between the edges, `up` from the place: from left to right of it; [0, 0] where none does. */
export function spanAt({ ring }: Room, up: number, height: number): [number, number] {
  const [low, high] = [up - height / 2, up + height / 2]
  let [left, right] = [-Infinity, Infinity]
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1]!, ring[i]!] as [[number, number], [number, number]]
    if (Math.max(ay, by) <= low || Math.min(ay, by) >= high) continue
    const at = (y: number) => ax + ((Math.min(Math.max(y, low), high) - ay) * (bx - ax)) / (by - ay)
    const [from, to] = ay === by ? [ax, bx] : [at(ay), at(by)]
    if (from * to <= 0) return [0, 0]
    if (from < 0) left = Math.max(left, from, to)
    else right = Math.min(right, from, to)
  }
  return left === -Infinity || right === Infinity ? [0, 0] : [left, right]
}

/** How large words are and how far right of the zone's place their middle is, px. */
export interface Words { size: number; aside: number }

/** A zone's words; `name` null = the number alone. `stacked`: the name above the number, else beside it. */
export interface Label { name: Words | null; number: Words; stacked: boolean }

/** Between a name and the number beside it, px. */
export const BESIDE = 10
/** How far above the place a stacked name stands, and how far below it the number, in sizes of the number. */
export const NAME_UP = 0.62
export const NUMBER_DOWN = 0.58
/** Between words and the edges to their left and right, and above and below: of a number, of a line, of stacked ones, px. */
const ASIDE = 2.5
const [TIGHT, NEAR, AIRY] = [1, 3, 6]
/** How far words may give way to an edge: name and number still stand together, px. */
const SLANT = 8

/** The largest words that fit into a room; null if none do. `px`: map units of a pixel. */
export function labelFor(room: Room, px: number, name: string, number: string): Label | null {
  const place = (width: number, size: number, height: number, up = 0): Words | null => {
    const [left, right] = spanAt(room, up * px, height * px)
    const half = (width / 2 + ASIDE) * px
    const aside = Math.min(Math.max(0, left + half), right - half) / px
    return right - left < 2 * half || Math.abs(aside) > SLANT ? null : { size, aside }
  }
  const sizes = [15, 12].flatMap(size => place(textWidth(number, size), size, size + TIGHT) ?? [])
  if (!sizes.length) return null
  for (const { size } of name ? sizes : []) {
    const below = place(textWidth(number, size), size, size + AIRY, -NUMBER_DOWN * size)
    for (const of of below ? [12, 11] : []) {
      const above = place(textWidth(name, of), of, of + AIRY, NAME_UP * size)
      if (above) return { name: above, number: below!, stacked: true }
    }
    for (const of of [12, 11]) {
      const pair = place(textWidth(name, of) + BESIDE + textWidth(number, size), size, of + NEAR)
      if (pair) return { name: { size: of, aside: pair.aside }, number: pair, stacked: false }
    }
  }
  return { name: null, number: sizes[0]!, stacked: false }
}
