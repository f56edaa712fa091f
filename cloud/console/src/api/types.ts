import type { components } from './generated'

type Schemas = components['schemas']

export type LocalizedName = Schemas['LocalizedName']
export type District = Schemas['DistrictInfo']
export type ZoneFootfall = Schemas['ZoneFootfall']

/** Trust of a window as the API states it; `none` = no data. */
export type Status = 'complete' | 'provisional' | 'partial' | 'repaired' | 'stale' | 'none'

const STATUSES: readonly string[] = ['complete', 'provisional', 'partial', 'repaired', 'stale', 'none']

/** A status that this console does not know is not vouched for: it counts as `partial`. */
export function toStatus(text: string | null | undefined): Status {
  if (!text) return 'none'
  return STATUSES.includes(text) ? (text as Status) : 'partial'
}

export interface ZoneProperties {
  name: LocalizedName
  kind: string
  level: number
  areaSquareMetres?: number | null
  capacity?: number | null
}

export interface LineProperties {
  name: LocalizedName
  device?: string | null
  gateway?: string | null
  /** Newest last is not promised: look at `since`. `outside` or a zone id on either side. */
  joins: { since: string; from: string; to: string }[]
}

/** The part of GeoJSON (RFC 7946) that the API uses. */
export interface FeatureCollection<P> {
  type: 'FeatureCollection'
  features: { type: 'Feature'; id: string; geometry: { type: string; coordinates: unknown }; properties: P }[]
}

/** One zone in a live event; counts belong to the minute that begins at `start`. */
export interface LiveZone {
  zone: string
  /** Unix seconds. */
  start: number
  entries: number | null
  exits: number | null
  unplacedEntries: number | null
  unplacedExits: number | null
  last15Entries: number | null
  last15Exits: number | null
  occupancy: number | null
  /** What the occupancy is worth: the worst since the reset. */
  occupancyStatus?: string | null
  status: string
  revision: number | null
  lagMs: number | null
}

/** A `snapshot` or `zones` event of /api/v1/live. */
export interface LiveEvent {
  /** Unix milliseconds on the server's clock. */
  at: number
  zones: LiveZone[]
  devices?: { device: string; lastSeen: number | null }[]
}
