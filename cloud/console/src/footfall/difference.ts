/** Limits of the classes as shares of the scale's top: a difference below the first is "about the same". */
const SHARES = [0.03, 0.1, 0.3]
/** Classes on each side of "about the same". */
export const SIDE = SHARES.length

/** Class limits of a difference, the same for fewer and for more. */
export interface DifferenceScale { readonly limits: readonly number[] }

/** The scale of differences that belongs to a scale of numbers: fixed as long as that one is. */
export function differenceScale(top: number): DifferenceScale {
  const limits: number[] = []
  for (const share of SHARES) limits.push(Math.max(Math.round(top * share), (limits.at(-1) ?? 0) + 1))
  return { limits }
}

/** 0 (far fewer) … 3 (about the same) … 6 (far more); null where either side is not known. */
export function classOfDifference(scale: DifferenceScale, difference: number | null | undefined): number | null {
  if (difference == null) return null
  const size = scale.limits.filter(limit => Math.abs(difference) >= limit).length
  return SIDE + (difference < 0 ? -size : size)
}
