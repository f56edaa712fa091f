import { bucketsOf, STEP_SECONDS, type Buckets, type Step } from './buckets'
import { dateText, localText, readLocal, type DistrictTime } from './districtTime'

const HOUR = 3600
const DAY = 86_400

/** Ranges that end now. */
export const PRESETS = { '1h': HOUR, '6h': 6 * HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY, '365d': 365 * DAY, '3y': 3 * 365 * DAY } as const
export type Preset = keyof typeof PRESETS
export const FIRST_CHOICE: Preset = '24h'

/** What was chosen: a preset, or two local times as text (2026-03-02T08:00). */
export type RangeChoice = Preset | { from: string; to: string }

export type RangeFault = 'unreadable' | 'reversed' | 'future' | 'short' | 'long'

/** Buckets [first, end) of one length. */
export interface Range {
  buckets: Buckets
  first: number
  end: number
  /** Ends with now: one step further is the live view. */
  live: boolean
}

export const countOf = (range: Range) => range.end - range.first
export const startAt = (range: Range, position: number) => range.buckets.startOf(range.first + position)
export const endAt = (range: Range, position: number) => range.buckets.startOf(range.first + position + 1)

/** Position of the bucket that holds an instant; null outside the range. */
export function positionOf(range: Range, instant: number): number | null {
  const position = range.buckets.indexOf(instant) - range.first
  return position >= 0 && position < countOf(range) ? position : null
}

const LONGEST = 10 * 366 * DAY
/** Minutes are kept for 90 days in the store. */
const MINUTES_KEPT = 89 * DAY

/** The roll-up that shows a range in at most about two thousand steps. */
export function stepFor(from: number, to: number, now: number): Step {
  const length = to - from
  if (length <= 6 * HOUR && from >= now - MINUTES_KEPT) return '1m'
  if (length <= 8 * DAY) return '15m'
  if (length <= 93 * DAY) return '1h'
  return '1d'
}

export function resolve(choice: RangeChoice, time: DistrictTime, now: number): Range | RangeFault {
  const asked = typeof choice === 'string' ? { from: now - PRESETS[choice], to: now } : instantsOf(choice, time)
  if (!asked) return 'unreadable'
  if (asked.from >= asked.to) return 'reversed'
  if (asked.from >= now) return 'future'
  const { from } = asked
  const to = Math.min(asked.to, now)
  if (asked.to - from < HOUR) return 'short'
  if (to - from > LONGEST) return 'long'
  const buckets = bucketsOf(stepFor(from, to, now), time)
  const live = asked.to > now - STEP_SECONDS[buckets.step]
  // Only closed buckets: the open one is what the live view is for.
  const end = buckets.indexOf(to)
  const count = typeof choice === 'string' ? Math.round(PRESETS[choice] / STEP_SECONDS[buckets.step]) : 0
  const first = count ? end - count : buckets.indexOf(from)
  return { buckets, first: Math.min(first, end - 1), end, live }
}

function instantsOf(choice: { from: string; to: string }, time: DistrictTime) {
  const [from, to] = [readLocal(choice.from), readLocal(choice.to)]
  return from == null || to == null ? null : { from: time.instant(from), to: time.instant(to) }
}

/** The business day that holds an instant, as a choice: for a link to a time that no preset reaches. */
export function dayChoice(instant: number, time: DistrictTime): { from: string; to: string } {
  const date = time.dateAt(instant)
  const reset = localText(time.reset).slice(10)
  return { from: dateText(date) + reset, to: dateText(date + 1) + reset }
}

/** As a link has it: `range=7d`, or `from=…&to=…` in the district's time. */
export function readChoice(query: { range?: string | null; from?: string | null; to?: string | null }): RangeChoice | null {
  if (query.from && query.to) return { from: query.from, to: query.to }
  return query.range && Object.hasOwn(PRESETS, query.range) ? (query.range as Preset) : null
}

export function writeChoice(choice: RangeChoice): { range: string | null; from: string | null; to: string | null } {
  if (typeof choice === 'string') return { range: choice === FIRST_CHOICE ? null : choice, from: null, to: null }
  return { range: null, ...choice }
}
