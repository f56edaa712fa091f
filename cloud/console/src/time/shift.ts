import type { Buckets } from './buckets'
import { readDate, type DistrictTime } from './districtTime'

/** What a time is compared with: `week`, `weeks4`, `year`, or a date (2026-03-02). */
export type Comparison = 'week' | 'weeks4' | 'year' | (string & {})

export const COMPARISONS = ['week', 'weeks4', 'year'] as const
const DAY = 86_400
/** 52 weeks: the same weekday of the year before. */
const YEAR_DAYS = 364

export function readComparison(text: string | null): Comparison | null {
  if (text == null) return null
  return COMPARISONS.includes(text as never) || readDate(text) != null ? text : null
}

/**
 * The buckets that a bucket is compared with: the same weekday and hour on the district's clocks, one for each week
 * that counts. Null stands for an hour that the clocks skipped on that day.
 */
export function referencesOf(comparison: Comparison, buckets: Buckets, time: DistrictTime, index: number): (number | null)[] {
  if (comparison === 'week') return [back(7, buckets, time, index)]
  if (comparison === 'weeks4') return [7, 14, 21, 28].map(days => back(days, buckets, time, index))
  if (comparison === 'year') return [back(YEAR_DAYS, buckets, time, index)]
  const date = readDate(comparison)
  return date == null ? [] : [back(time.dateAt(buckets.startOf(index)) - date, buckets, time, index)]
}

function back(days: number, buckets: Buckets, time: DistrictTime, index: number): number | null {
  if (buckets.step === '1d') return index - days
  const local = time.local(buckets.startOf(index)) - days * DAY
  return time.exists(local) ? buckets.indexOf(time.instant(local)) : null
}
