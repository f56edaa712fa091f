import type { Status } from '../api/types'
import type { ZoneNumbers } from './numbers'

/** The one badge of a number: the API's statuses, and `na` for what counting lines cannot know. */
export type Trust = Status | 'na'

/** Keys and values of the words that explain a badge. */
export interface TrustWords {
  trust: Trust
  label: string
  cause: { key: string; values: Record<string, number | string> }
  next: { key: string; values: Record<string, number | string> }
}

export interface TrustContext {
  /** Time of the last word of the live stream, when the stream is away. */
  streamLostAt?: string | null
  occupancyReset?: string
}

export function trustWords(trust: Trust, numbers: ZoneNumbers | null, context: TrustContext = {}): TrustWords {
  const counted = trust === 'partial' && numbers?.expected != null && numbers.received != null
  const stream = trust === 'stale' && !!context.streamLostAt
  return {
    trust,
    label: `trust.${trust}.label`,
    cause: {
      key: counted ? 'trust.partial.causeCounted' : stream ? 'trust.stale.causeStream' : `trust.${trust}.cause`,
      values: counted ? { expected: numbers.expected!, received: numbers.received! } : stream ? { time: context.streamLostAt! } : {},
    },
    next: {
      key: stream ? 'trust.stale.nextStream' : `trust.${trust}.next`,
      values: trust === 'na' ? { time: context.occupancyReset ?? '04:00' } : {},
    },
  }
}

/** In the order of gravity, as the API has it. */
const GRAVITY: readonly Status[] = ['complete', 'repaired', 'provisional', 'partial', 'stale']

/** The trust of a sum: that of its worst part. Parts without data are not in the sum, and the sum says so itself. */
export function worst(parts: readonly Status[]): Status {
  return GRAVITY[Math.max(...parts.map(part => GRAVITY.indexOf(part)), -1)] ?? 'none'
}

/** The badge of a zone: no numbers at all is `none`. */
export const trustOf = (numbers: ZoneNumbers | null): Trust => (numbers?.entries == null ? 'none' : numbers.status)
