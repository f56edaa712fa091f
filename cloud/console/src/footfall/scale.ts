/** Tops that give whole class limits; each about half as large again as the one before. */
const TOPS = [20, 40, 60, 100, 200, 300, 400, 600, 1000, 1600, 2000, 3000, 4000, 6000, 10_000, 20_000, 40_000, 100_000]
/** Upper limits of the classes as shares of the top. Footfall is skewed, so the low classes are narrow. */
const SHARES = [0.05, 0.15, 0.3, 0.5, 0.75]

/** Class 0 is "nobody", 1…CLASSES are growing numbers of people. */
export const CLASSES = SHARES.length + 1

/** Class limits in people per 15 minutes. */
export interface Scale {
  readonly top: number
  /** Class i+1 ends with limits[i]; the last class is open. */
  readonly limits: readonly number[]
}

export function scaleFor(top: number): Scale {
  return { top, limits: SHARES.map(share => Math.round(top * share)) }
}

function topFor(needed: number): number {
  return TOPS.find(top => top >= needed) ?? Math.ceil(needed / 100_000) * 100_000
}

/** This share of the values lies below the open class: one crowded zone shall not make all others pale. */
const CLOSED_SHARE = 0.97

/** The top that a scale needs to show these numbers well; 0 for none. */
export function reach(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  return (sorted[Math.floor((sorted.length - 1) * CLOSED_SHARE)] ?? 0) / SHARES.at(-1)!
}

/**
 * The scale for a top that is needed. A scale once shown stays, so that a colour keeps its meaning through live view and
 * replay: it grows when values pass its top, and shrinks only when they would fill less than a quarter of it.
 */
export function adjustScale(current: Scale | null, needed: number): Scale {
  if (current && needed <= current.top && needed * 4 >= current.top) return current
  const top = topFor(needed)
  return current && top === current.top ? current : scaleFor(top)
}

/**
 * A scale that tells the days of a year apart, which all have many people: even steps from the few to the many. A step
 * is never less than 4 % of the many, so that small differences do not look large.
 */
export function stepScale(values: readonly number[]): Scale {
  const sorted = Float64Array.from(values).sort()
  const low = sorted[Math.floor((sorted.length - 1) * (1 - CLOSED_SHARE))] ?? 0
  const high = sorted[Math.floor((sorted.length - 1) * CLOSED_SHARE)] ?? 0
  const step = roundStep(Math.max(1, (high - low) / SHARES.length, high * 0.04))
  const begin = Math.floor(low / step) * step
  const limits = SHARES.map((_, i) => begin + step * (i + 1))
  return { top: limits.at(-1)! + step, limits }
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundStep(least: number): number {
  const unit = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map(n => n * unit).find(step => step >= least)!
}

/** The class of a number of entries, or null for "no data". */
export function classOf(scale: Scale, entries: number | null | undefined): number | null {
  if (entries == null) return null
  if (entries <= 0) return 0
  const index = scale.limits.findIndex(limit => entries <= limit)
  return index < 0 ? CLASSES : index + 1
}

/** First and last whole number of each class from 1 on; the last is open (`to` null). */
export function classRanges(scale: Scale): { from: number; to: number | null }[] {
  return Array.from({ length: CLASSES }, (_, i) => ({
    from: i === 0 ? 1 : scale.limits[i - 1]! + 1,
    to: scale.limits[i] ?? null,
  }))
}
