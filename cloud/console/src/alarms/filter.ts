import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { may, type Role } from '../frame/sections'

export type View = 'open' | 'history' | 'rules' | 'webhooks'

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' ? value : '')

/** The view that an address asks for; who may not see it sees the open alarms. */
export function viewOf(query: LocationQuery, role: Role): View {
  const view = text(query.view)
  if (view === 'history' || view === 'rules') return view
  return view === 'webhooks' && may(role, 'administrator') ? view : 'open'
}

/** What of an address the filter is made of, besides the view. */
export const FILTERS = ['state', 'kind', 'severity', 'subject', 'order', 'from', 'to'] as const
export type FilterName = (typeof FILTERS)[number]

export const filterOf = (query: LocationQuery): Record<FilterName, string> =>
  Object.fromEntries(FILTERS.map(name => [name, text(query[name])])) as Record<FilterName, string>

/** The address with one thing of the filter set otherwise, and no alarm chosen. */
export const withFilter = (query: LocationQuery, name: FilterName, value: string): LocationQueryRaw => ({ ...query, [name]: value || undefined, alarm: undefined })

export const isFiltered = (view: View, query: LocationQuery) => Object.entries(filterOf(query)).some(([name, value]) => value && name !== 'order' && (view === 'history' || (name !== 'from' && name !== 'to')))

/** A day of the address (2026-03-02), in the browser's zone, as an instant; empty where it is none. */
function instant(day: string, after: number): string {
  const date = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00`) : null
  if (!date || Number.isNaN(date.getTime())) return ''
  date.setDate(date.getDate() + after)
  return date.toISOString()
}

/** The question to the cloud. */
export function queryOf(view: View, query: LocationQuery): Record<string, string> {
  const { state, kind, severity, subject, order, from, to } = filterOf(query)
  const all: Record<string, string> = view === 'history'
    ? { state: 'cleared', order: order || 'newest', limit: '100', kind, severity, subject, from: instant(from, 0), to: instant(to, 1) }
    : {
        state: 'open', order: order || 'severity', limit: '1000', kind, severity, subject,
        top: subject ? '' : 'true',
        acknowledged: state === 'unacknowledged' ? 'false' : '',
        muted: state === 'muted' ? 'true' : '',
      }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value))
}
