import type { Point } from './shape'

/** A marker on its way from where it was to where it is; times in ms since 1970, which the page and its painter share. */
export interface Gliding { at: Point; from: Point; since: number }

export const clock = () => performance.timeOrigin + performance.now()

/** Where it is shown: what lies between two reports is interpolated. */
export function placeOf({ at, from, since }: Gliding, glideMs: number, now: number): Point {
  const t = glideMs ? Math.min(1, (now - since) / glideMs) : 1
  return t >= 1 ? at : [from[0] + (at[0] - from[0]) * t, from[1] + (at[1] - from[1]) * t]
}

/** Map units per ms; 0 where it stands. */
export function speedOf({ at, from, since }: Gliding, glideMs: number, now: number): number {
  return glideMs && now - since < glideMs ? Math.hypot(at[0] - from[0], at[1] - from[1]) / glideMs : 0
}
