import type { Status } from '../api/types'
import { worst } from '../footfall/trust'
import { weekdayOf, type DistrictTime } from '../time/districtTime'
import type { KnownSeries } from '../time/totals'

const HOUR = 3600
const DAY = 86_400

/** An hour of a weekday over several weeks. */
export interface Beat {
  /** The mean of the hours that have data; null where none has. */
  mean: number | null
  least: number | null
  most: number | null
  /** Hours with data, of how many. */
  known: number
  of: number
  /** The worst of the hours that went in. */
  status: Status
  /** Start of the oldest hour with data. */
  oldest: number | null
  /** Start of the newest hour with data: where a look at the map begins. */
  newest: number | null
}

/**
 * Hours by weekday and hour on the district's clocks: `[weekday][hour]`, Monday first. An hour that the clocks show twice
 * counts as two; of one that they skip there is none. `skips` leaves out whole days (days since 1970-01-01).
 */
export function rhythmOf(hours: KnownSeries, time: DistrictTime, skips: (date: number) => boolean): Beat[][] {
  const cells = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => ({ values: [] as number[], status: [] as Status[], of: 0, oldest: null as number | null, newest: null as number | null })))
  hours.values.forEach((value, i) => {
    const start = hours.buckets.startOf(hours.first + i)
    const local = time.local(start)
    const date = Math.floor(local / DAY)
    if (skips(date)) return
    const cell = cells[weekdayOf(date)]![Math.floor((local - date * DAY) / HOUR)]!
    cell.of++
    if (value == null) return
    cell.values.push(value)
    cell.status.push(hours.status[i]!)
    cell.oldest ??= start
    cell.newest = start
  })
  return cells.map(day => day.map(({ values, status, of, oldest, newest }) => ({
    mean: values.length ? values.reduce((a, b) => a + b, 0) / values.length : null,
    least: values.length ? Math.min(...values) : null,
    most: values.length ? Math.max(...values) : null,
    known: values.length, of, status: worst(status), oldest, newest,
  })))
}

export interface Peak { weekday: number; hour: number; mean: number }

/** The busiest hour of the week. */
export function busiest(rhythm: readonly (readonly Beat[])[]): Peak | null {
  let peak: Peak | null = null
  rhythm.forEach((day, weekday) => day.forEach(({ mean }, hour) => {
    if (mean != null && mean > (peak?.mean ?? 0)) peak = { weekday, hour, mean }
  }))
  return peak
}
