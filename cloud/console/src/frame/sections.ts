import type { IconName } from './icons'

/** What a person may do, from least to most. */
export const ROLES = ['viewer', 'operator', 'administrator'] as const
export type Role = (typeof ROLES)[number]

export const may = (role: Role, least: Role) => ROLES.indexOf(role) >= ROLES.indexOf(least)

export interface Section {
  /** Of the route that it leads to; without such a route it is not shown. */
  name: string
  /** Resource key of its title. */
  label: string
  icon: IconName
  /** The least role that may see it. */
  least: Role
}

/** The console's parts in the order of the main navigation: what is looked at most comes first. */
export const sections: readonly Section[] = [
  { name: 'map', label: 'map.title', icon: 'map', least: 'viewer' },
  { name: 'history', label: 'history.title', icon: 'history', least: 'viewer' },
  { name: 'numbers', label: 'kpis.title', icon: 'numbers', least: 'viewer' },
  { name: 'alarms', label: 'alarms.title', icon: 'bell', least: 'viewer' },
  { name: 'reports', label: 'reports.title', icon: 'report', least: 'viewer' },
  { name: 'devices', label: 'devices.title', icon: 'device', least: 'viewer' },
  { name: 'people', label: 'people.title', icon: 'people', least: 'administrator' },
]
