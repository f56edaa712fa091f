/** The time line: closed 15-minute buckets of the last day, then "now" as one more position at the right end. */
export const BUCKET_SECONDS = 900
export const BUCKETS = 96
/** The slider's position of the live view. */
export const LIVE = BUCKETS

export interface DayRange { from: number; to: number }

/** The last 24 hours of whole buckets at a moment (unix seconds); [from, to). */
export function dayRange(nowSeconds: number): DayRange {
  const to = Math.floor(nowSeconds / BUCKET_SECONDS) * BUCKET_SECONDS
  return { from: to - BUCKETS * BUCKET_SECONDS, to }
}

export const startAt = (range: DayRange, position: number) => range.from + position * BUCKET_SECONDS

/** Position of the bucket that holds a time; null outside the day. */
export function positionOf(range: DayRange, unixSeconds: number): number | null {
  const position = Math.floor((unixSeconds - range.from) / BUCKET_SECONDS)
  return position >= 0 && position < BUCKETS ? position : null
}

/** Where playing goes next; it ends at live. */
export const playNext = (position: number) => Math.min(LIVE, position + 1)

/** Where playing begins: from the live view, at the start of the day's data. */
export function playFrom(position: number, firstWithData: number): number {
  return position >= LIVE ? Math.max(0, firstWithData) : position
}

/** Milliseconds until the next bucket closes and its last readings have had `graceMs` to arrive. */
export function untilNextBucket(nowMs: number, graceMs: number): number {
  const bucketMs = BUCKET_SECONDS * 1000
  return bucketMs - ((nowMs - graceMs) % bucketMs)
}
