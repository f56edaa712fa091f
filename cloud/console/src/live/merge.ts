import type { LiveEvent, LiveZone } from '../api/types'

/** An event with as many as there are is the whole list; one with fewer tells of those that changed. */
export function applyChanged<T extends { id: string }>(known: readonly T[], told: readonly T[], total: number): readonly T[] {
  if (told.length === total) return told
  const changed = new Map(told.map(one => [one.id, one]))
  return known.map(one => changed.get(one.id) ?? one)
}

/** Live numbers by zone, with the time of the event that brought them. Changed in place; `apply…` tell which zones changed. */
export type LiveZones = Map<string, { at: number; zone: LiveZone }>

/** A later event wins, but within one minute never with a lower revision than the one known. */
export function supersedes(at: number, incoming: LiveZone, current: { at: number; zone: LiveZone } | undefined): boolean {
  if (!current) return true
  const { zone } = current
  if (incoming.start === zone.start && incoming.revision != null && zone.revision != null && incoming.revision !== zone.revision)
    return incoming.revision > zone.revision
  return at >= current.at
}

export function applyDelta(zones: LiveZones, event: LiveEvent): string[] {
  const changed: string[] = []
  for (const zone of event.zones) {
    if (!supersedes(event.at, zone, zones.get(zone.zone))) continue
    zones.set(zone.zone, { at: event.at, zone })
    changed.push(zone.zone)
  }
  return changed
}

/** A snapshot is the whole picture: zones missing from it have no data any more. */
export function applySnapshot(zones: LiveZones, event: LiveEvent): string[] {
  const present = new Set(event.zones.map(zone => zone.zone))
  const gone = [...zones.keys()].filter(zone => !present.has(zone))
  for (const zone of gone) zones.delete(zone)
  return [...gone, ...applyDelta(zones, event)]
}
