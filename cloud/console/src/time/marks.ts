import type { Status } from '../api/types'
import type { DistrictTime } from './districtTime'
import { countOf, endAt, startAt, type Range } from './range'

const HOUR = 3600
const DAY = 86_400

export interface Tick {
  at: number
  /** Where it stands on the line, in buckets. */
  position: number
  /** How it is written. */
  as: 'clock' | 'day' | 'month' | 'year'
  /** Begins something larger than the ticks beside it. */
  strong: boolean
}

/** Whole parts of the district's own clock and calendar: seconds, or months. */
const SPACINGS: readonly ({ seconds: number } | { months: number })[] = [
  { seconds: 600 }, { seconds: 1800 }, { seconds: HOUR }, { seconds: 3 * HOUR }, { seconds: 6 * HOUR }, { seconds: DAY }, { seconds: 7 * DAY },
  { months: 1 }, { months: 3 }, { months: 6 }, { months: 12 }, { months: 36 },
]
/** 1970-01-05 was a Monday. */
const MONDAY = 4 * DAY

/** Ticks on round local times, at most so many. */
export function ticksOf(range: Range, time: DistrictTime, most: number): Tick[] {
  const [from, to] = [startAt(range, 0), endAt(range, countOf(range) - 1)]
  const byDay = range.buckets.step === '1d'
  const local = (instant: number) => (byDay ? range.buckets.indexOf(instant) * DAY : time.local(instant))
  for (const spacing of SPACINGS) {
    if (byDay && 'seconds' in spacing && spacing.seconds < DAY) continue
    const places = boundaries(spacing, local(from), local(to - 1))
    if (places.length > most) continue
    const count = countOf(range)
    return places.map(place => {
      const at = byDay ? range.buckets.startOf(place / DAY) : time.instant(place)
      return { at, position: range.buckets.indexOf(at) - range.first, ...look(spacing, place) }
    }).filter(tick => tick.position > 0 && tick.position < count)
  }
  return []
}

function boundaries(spacing: (typeof SPACINGS)[number], from: number, to: number): number[] {
  const places: number[] = []
  if ('seconds' in spacing) {
    const origin = spacing.seconds === 7 * DAY ? MONDAY : 0
    for (let at = Math.ceil((from - origin) / spacing.seconds) * spacing.seconds + origin; at <= to; at += spacing.seconds) places.push(at)
    return places
  }
  const first = new Date(from * 1000)
  let month = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / spacing.months) * spacing.months
  for (; ; month += spacing.months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12) / 1000
    if (at > to) return places
    if (at >= from) places.push(at)
  }
}

function look(spacing: (typeof SPACINGS)[number], place: number): Pick<Tick, 'as' | 'strong'> {
  const date = new Date(place * 1000)
  if ('months' in spacing) return date.getUTCMonth() === 0 ? { as: 'year', strong: true } : { as: 'month', strong: false }
  if (spacing.seconds >= DAY) return { as: 'day', strong: spacing.seconds === DAY && date.getUTCDay() === 1 }
  return place % DAY === 0 ? { as: 'day', strong: true } : { as: 'clock', strong: false }
}

/** Runs of buckets without any data, as [from, to) positions. */
export function noDataRuns(totals: readonly (number | null)[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  totals.forEach((value, i) => {
    if (value != null) return
    const last = runs.at(-1)
    if (last?.to === i) last.to = i + 1
    else runs.push({ from: i, to: i + 1 })
  })
  return runs
}

/** What a time line marks: numbers of which something is missing, was mended afterwards, or is out of date. */
export const WORTH_A_MARK = ['partial', 'repaired', 'stale'] as const
export type MarkedRun = { status: (typeof WORTH_A_MARK)[number]; from: number; to: number }

/** Runs of buckets that are worth the same and deserve a mark, as [from, to) positions. */
export function markedRuns(statuses: readonly Status[]): MarkedRun[] {
  const runs: MarkedRun[] = []
  statuses.forEach((each, i) => {
    const status = WORTH_A_MARK.find(mark => mark === each)
    if (!status) return
    const last = runs.at(-1)
    if (last?.to === i && last.status === status) last.to = i + 1
    else runs.push({ status, from: i, to: i + 1 })
  })
  return runs
}

/** Those that can be written side by side, px about their middles: what is strong before what is not, the earlier before the later. */
export function roomFor<T extends { strong: boolean }>(ticks: readonly (T & { x: number; width: number })[], gap: number): T[] {
  const placed: (T & { x: number; width: number })[] = []
  for (const tick of [...ticks].sort((a, b) => Number(b.strong) - Number(a.strong)))
    if (placed.every(other => Math.abs(other.x - tick.x) >= (other.width + tick.width) / 2 + gap)) placed.push(tick)
  return placed
}

/** At most so many bars: each the mean of the known numbers of as many buckets as needed. */
export function grouped(values: readonly (number | null)[], most: number): { values: (number | null)[]; size: number } {
  const size = Math.max(1, Math.ceil(values.length / most))
  if (size === 1) return { values: [...values], size }
  const groups: (number | null)[] = []
  for (let i = 0; i < values.length; i += size) {
    const known = values.slice(i, i + size).filter(value => value != null)
    groups.push(known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null)
  }
  return { values: groups, size }
}
