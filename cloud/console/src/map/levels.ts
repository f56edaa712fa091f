import type { DistrictPlan } from '../district/useDistrict'
import type { LocalizedName } from '../api/types'

/** A storey; a name of its own if the district gives it one. */
export interface Level { level: number; name: LocalizedName | null }

/** The storeys that have zones or names, from the top down, as they lie. */
export function levelsOf({ district, zones }: DistrictPlan): Level[] {
  const numbers = new Set([...zones.features.map(zone => zone.properties.level), ...district.levels.map(level => level.level)])
  return [...numbers].sort((a, b) => b - a).map(level => ({ level, name: district.levels.find(known => known.level === level)?.name ?? null }))
}

/** The storey to begin with: the street, else the one nearest to it. */
export const firstLevel = (levels: readonly Level[]): number =>
  levels.reduce((best, { level }) => (Math.abs(level) < Math.abs(best) ? level : best), levels[0]?.level ?? 0)
