import type { LiveEvent, LiveZone } from '../api/types'

/** Live numbers by zone. Changed in place; `apply…` tell which zones changed. */
export type LiveZones = Map<string, LiveZone>

/** A later minute wins; of one minute the highest revision. An older minute never comes back over a newer one. */
export function supersedes(incoming: LiveZone, current: LiveZone | undefined): boolean {
  if (!current) return true
  if (incoming.start !== current.start) return incoming.start > current.start
  return incoming.revision >= current.revision
}

export function applyDelta(zones: LiveZones, event: LiveEvent): string[] {
  const changed: string[] = []
  for (const zone of event.zones) {
    if (!supersedes(zone, zones.get(zone.zone))) continue
    zones.set(zone.zone, zone)
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
