import { BUCKETS, startAt, type DayRange } from './timeline'

export interface Tick { at: number; position: number; midnight: boolean; /** Left out where there is little room. */ minor: boolean }

/** Every third hour of the district's own clock (`clock` gives HH:mm in it) that falls on a bucket's start. */
export function hourTicks(range: DayRange, clock: (at: number) => string): Tick[] {
  const ticks: Tick[] = []
  // Not at the very edges: their words would be cut.
  for (let position = 2; position <= BUCKETS - 2; position++) {
    const at = startAt(range, position)
    const [hour, minute] = clock(at).split(':').map(Number)
    if (minute !== 0 || hour! % 3 !== 0) continue
    ticks.push({ at, position, midnight: hour === 0, minor: hour! % 6 !== 0 })
  }
  return ticks
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
