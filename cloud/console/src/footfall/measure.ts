import { DANGER, FRUIN_LIMITS, fruinLevel } from './fruin'
import type { ZoneNumbers } from './numbers'
import { adjustScale, CLASSES, classOf, classRanges, type Scale } from './scale'
import { trustOf, type Trust } from './trust'

/** What the colour of a zone says. */
export const MEASURES = ['footfall', 'occupancy', 'density'] as const
export type Measure = (typeof MEASURES)[number]

export const toMeasure = (text: unknown): Measure => (MEASURES.includes(text as Measure) ? (text as Measure) : 'footfall')

/** A value, `null` = no data, `na` = data there is, but this it cannot say. */
export type Value = number | null | 'na'
/** A class of the scale, nobody first. */
export type Shade = number | null | 'na'

/** `area`: m² that people can stand on; null where nobody measured it. */
export function valueOf(measure: Measure, numbers: ZoneNumbers | null, area: number | null): Value {
  if (numbers?.entries == null) return null
  if (measure === 'footfall') return numbers.entries
  if (numbers.occupancy == null) return 'na'
  if (measure === 'occupancy') return numbers.occupancy
  return area ? numbers.occupancy / area : 'na'
}

/** What the value is worth. */
export function trustIn(measure: Measure, numbers: ZoneNumbers | null): Trust {
  if (measure === 'footfall' || numbers?.entries == null) return trustOf(numbers)
  return numbers.occupancy == null ? 'na' : numbers.occupancyStatus
}

/** Density has the fixed levels of Fruin's table; the other measures a scale that stays while a replay runs. */
const DENSITY: Scale = { top: DANGER.moving, limits: FRUIN_LIMITS }
export const scaleOf = (measure: Measure, current: Scale | null, needed: number): Scale => (measure === 'density' ? DENSITY : adjustScale(current, needed))

/** Fruin's limits begin a level, those of the other scales end a class. */
export function shadeOf(scale: Scale, value: Value): Shade {
  if (value === 'na') return 'na'
  return scale === DENSITY && value ? 'ABCDEF'.indexOf(fruinLevel(value)) + 1 : classOf(scale, value)
}

/** A colour of the legend: the first value that has it and, but for the last, the last one (whole numbers) or the limit (density). */
export interface LegendClass { shade: number; letter: string | null; from: number; to: number | null }

export function legendOf(measure: Measure, scale: Scale): LegendClass[] {
  if (measure !== 'density') return classRanges(scale).map(({ from, to }, i) => ({ shade: i + 1, letter: null, from, to }))
  return Array.from({ length: CLASSES }, (_, i) => ({ shade: i + 1, letter: 'ABCDEF'[i]!, from: FRUIN_LIMITS[i - 1] ?? 0, to: FRUIN_LIMITS[i] ?? null }))
}
