import { serverNow } from '../api/client'
import { cloud } from '../api/cloud'
import type { StaleStore, Status, TotalAnswer } from '../api/types'
import { STEP_SECONDS, type Buckets } from './buckets'
import { statusesOf } from './frames'

/** A number over the buckets [first, first + length): null is no data. */
export interface Series { values: (number | null)[]; status: Status[] }

/** The most that a store reads for one answer, with room to spare: windows of lines. */
const MOST_WINDOWS = 300_000
/** The most numbers that one answer is made of. */
const MOST_NUMBERS = 1_400_000

/** Cuts [first, end) into spans that the cloud answers at once, the newest first. */
export function partsOf(buckets: Buckets, first: number, end: number, lines: number, zones: number): { first: number; end: number }[] {
  const perBucket = buckets.step === '1d' ? STEP_SECONDS['1d'] / 3600 : 1
  const size = Math.max(1, Math.min(Math.floor(MOST_WINDOWS / (Math.max(1, lines) * perBucket)), Math.floor(MOST_NUMBERS / Math.max(1, zones))))
  const parts: { first: number; end: number }[] = []
  for (let to = end; to > first; to -= size) parts.push({ first: Math.max(first, to - size), end: to })
  return parts
}

export const emptySeries = (length: number): Series => ({ values: new Array<number | null>(length).fill(null), status: new Array<Status>(length).fill('none') })

/** Lays an answer over a series that begins with bucket `first`. */
export function takeIn(series: Series, buckets: Buckets, first: number, answer: TotalAnswer): Series {
  const next = { values: [...series.values], status: [...series.status] }
  const offset = buckets.indexOf(answer.starts[0] ?? answer.from) - first
  const status = statusesOf(answer.status)
  answer.values.forEach((value, i) => {
    if (offset + i < 0 || offset + i >= next.values.length) return
    next.values[offset + i] = value
    next.status[offset + i] = status[i] ?? 'none'
  })
  return next
}

export interface Question {
  measure: 'entries' | 'exits'
  buckets: Buckets
  first: number
  end: number
  /** Null: all zones together. */
  zone: string | null
  /** Of the district: how much is asked for at once depends on them. */
  lines: number
  zones: number
}

/** A series as the cloud has it: what was asked for, and how true it is. */
export interface KnownSeries extends Series {
  buckets: Buckets
  first: number
  /** The cloud answers from what it remembers: its store is away. */
  stale: StaleStore | null
}

/** Reads a series of any length, part by part. */
export async function readSeries({ measure, buckets, first, end, zone, lines, zones }: Question, signal: AbortSignal): Promise<KnownSeries> {
  let series = emptySeries(end - first)
  let stale: StaleStore | null = null
  for (const part of partsOf(buckets, first, end, lines, zone == null ? zones : 1)) {
    // The cloud refuses what has not come yet.
    const to = Math.min(buckets.startOf(part.end), Math.floor(serverNow() / 1000))
    const answer = await cloud.total(measure, buckets.startOf(part.first), to, buckets.step, zone, signal)
    series = takeIn(series, buckets, first, answer)
    stale = answer.stale ?? stale
  }
  return { ...series, buckets, first, stale }
}
