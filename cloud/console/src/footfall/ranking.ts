import type { ZoneNumbers } from './numbers'

export type SortBy = 'entries' | 'occupancy' | 'name'
export interface NamedZone { id: string; name: string; kind: string }

/** Zones in the order of their names: asked for once, for comparing names takes longer than numbers by far. */
export const byName = (zones: readonly NamedZone[], compare: (a: string, b: string) => number): NamedZone[] => [...zones].sort((a, b) => compare(a.name, b.name))

/** Zones in the list's order. What is not known comes last, whichever the order; among equals their order stays. */
export function ranked(
  zones: readonly NamedZone[],
  of: (zone: string) => ZoneNumbers | null,
  by: SortBy,
  /** What stands in the place of the entries. */
  instead?: (zone: string) => number | null,
): NamedZone[] {
  if (by === 'name') return [...zones]
  const value = (zone: NamedZone) => (by === 'entries' && instead ? instead(zone.id) : of(zone.id)?.[by] ?? null)
  const rows = zones.map(zone => ({ zone, value: value(zone) }))
  rows.sort((a, b) => (a.value === b.value ? 0 : (b.value ?? -Infinity) - (a.value ?? -Infinity)))
  return rows.map(row => row.zone)
}

export function search(zones: readonly NamedZone[], text: string): NamedZone[] {
  const words = text.trim().toLocaleLowerCase()
  return words ? zones.filter(zone => zone.name.toLocaleLowerCase().includes(words) || zone.id.toLowerCase().includes(words)) : [...zones]
}
