import { toStatus, type ZoneFootfall } from '../api/types'
import { sumKnown, type ZoneNumbers } from '../footfall/numbers'
import { BUCKET_SECONDS } from './timeline'

/** Footfall of the day by zone and bucket start. */
export type Day = Map<string, Map<number, ZoneNumbers>>

/** Takes in a part of the day. Of one zone and bucket the highest revision stays; buckets before `since` are let go. */
export function takeIn(day: Day, answer: ZoneFootfall, since: number): Day {
  const next: Day = new Map()
  for (const series of answer.zones) {
    const buckets = new Map<number, ZoneNumbers>()
    for (const [start, numbers] of day.get(series.zone) ?? []) if (start >= since) buckets.set(start, numbers)
    answer.starts.forEach((start, i) => {
      const revision = series.revision[i] ?? null
      const known = buckets.get(start)
      if (known?.revision != null && revision != null && revision < known.revision) return
      buckets.set(start, {
        start,
        end: start + BUCKET_SECONDS,
        entries: series.entries[i] ?? null,
        exits: series.exits[i] ?? null,
        occupancy: series.occupancy[i] ?? null,
        occupancyStatus: toStatus(series.occupancyStatus?.[i] ?? series.status[i]),
        occupancyDrift: series.occupancyDrift?.[i] ?? null,
        unplacedEntries: series.unplacedEntries[i] ?? null,
        unplacedExits: series.unplacedExits[i] ?? null,
        expected: series.expected[i] ?? null,
        received: series.received[i] ?? null,
        status: toStatus(series.status[i]),
        revision,
        minute: null,
        lagMs: null,
      })
    })
    next.set(series.zone, buckets)
  }
  return next
}

export const numbersAt = (day: Day, zone: string, start: number): ZoneNumbers | null => day.get(zone)?.get(start) ?? null

/** All zones' entries by bucket, null where no zone has data. */
export function totals(day: Day, starts: readonly number[]): (number | null)[] {
  return starts.map(start => sumKnown([...day.values()].map(zone => zone.get(start)?.entries)))
}

/** All known numbers of entries, of any zone and bucket. */
export function knownEntries(day: Day): number[] {
  const known: number[] = []
  for (const zone of day.values()) for (const { entries } of zone.values()) if (entries != null) known.push(entries)
  return known
}
