import type { Shade } from '../footfall/measure'
import type { ZoneShape } from './shape'

export const MARKS = ['partial', 'repaired', 'stale'] as const
export type Mark = (typeof MARKS)[number]

/** What marks a zone's number beside its colour. */
export interface ZonePaint {
  /** Undefined: not known yet. */
  shade: Shade | undefined
  text: string
  /** The badge of its number, where that is not simply to be believed. */
  mark: Mark | null
}

/** What is drawn of a zone. */
export interface ZoneLook extends ZonePaint {
  readonly shape: ZoneShape
  readonly path: Path2D
  name: string
}

export function lookOf(shape: ZoneShape, name: string): ZoneLook {
  const path = new Path2D()
  shape.points.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)))
  if (shape.street == null) path.closePath()
  return { shape, path, name, shade: undefined, text: '', mark: null }
}
