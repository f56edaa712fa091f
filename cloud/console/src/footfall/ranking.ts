import type { ZoneNumbers } from './numbers'

export type SortBy = 'entries' | 'occupancy' | 'name'
export interface NamedZone { id: string; name: string; kind: string }

/** Zones in the list's order. What is not known comes last, whichever the order. */
export function ranked(
  zones: readonly NamedZone[],
  of: (zone: string) => ZoneNumbers | null,
  by: SortBy,
  compare: (a: string, b: string) => number,
  /** What stands in the place of the entries. */
  instead?: (zone: string) => number | null,
): NamedZone[] {
  const value = (zone: NamedZone) => (by === 'name' ? null : by === 'entries' && instead ? instead(zone.id) : of(zone.id)?.[by] ?? null)
  const rows = zones.map(zone => ({ zone, value: value(zone) }))
  rows.sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || compare(a.zone.name, b.zone.name))
  return rows.map(row => row.zone)
}

export function search(zones: readonly NamedZone[], text: string): NamedZone[] {
  const words = text.trim().toLocaleLowerCase()
  return words ? zones.filter(zone => zone.name.toLocaleLowerCase().includes(words) || zone.id.toLowerCase().includes(words)) : [...zones]
}
