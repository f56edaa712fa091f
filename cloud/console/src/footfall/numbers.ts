import type { Status } from '../api/types'
import { worst } from './trust'

/** What the console says of a zone over one window. `null` is "not known", never 0. */
export interface ZoneNumbers {
  /** Unix seconds; the window is [start, end). */
  start: number
  end: number
  entries: number | null
  exits: number | null
  occupancy: number | null
  /** What the occupancy is worth: the worst since the daily reset. */
  occupancyStatus: Status
  /** People by whom occupancy was held at zero since the reset. */
  occupancyDrift: number | null
  unplacedEntries: number | null
  unplacedExits: number | null
  expected: number | null
  received: number | null
  status: Status
  revision: number | null
  /** Only live: the running minute, and how old the newest event was when the server had it. */
  minute: { start: number; entries: number | null; exits: number | null } | null
  lagMs: number | null
}

/** Adds what is known; null when nothing is. */
export function sumKnown(values: Iterable<number | null | undefined>): number | null {
  let sum: number | null = null
  for (const value of values) if (value != null) sum = (sum ?? 0) + value
  return sum
}

export interface Headline {
  people: number | null
  /** Zones whose occupancy is known: `people` covers only these. */
  peopleZones: number
  peopleTrust: Status
  entries: number | null
  entriesTrust: Status
  withData: number
  zones: number
}

export function headline(zones: readonly string[], of: (zone: string) => ZoneNumbers | null): Headline {
  const all = zones.map(of)
  return {
    people: sumKnown(all.map(n => n?.occupancy)),
    peopleZones: all.filter(n => n?.occupancy != null).length,
    peopleTrust: worst(all.map(n => (n?.occupancy == null ? 'none' : n.occupancyStatus))),
    entries: sumKnown(all.map(n => n?.entries)),
    entriesTrust: worst(all.map(n => (n?.entries == null ? 'none' : n.status))),
    withData: all.filter(n => n?.entries != null).length,
    zones: zones.length,
  }
}
