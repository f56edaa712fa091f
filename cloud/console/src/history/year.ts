import type { CalendarEntry } from '../api/types'
import { readDate, weekdayOf } from '../time/districtTime'

/** A month as a calendar shows it: weeks from Monday on, null outside the month. Dates are days since 1970-01-01. */
export interface Month { month: number; first: number; weeks: (number | null)[][] }

const dateOf = (year: number, month: number, day: number) => Date.UTC(year, month, day) / 86_400_000

export const firstDate = (year: number) => dateOf(year, 0, 1)
export const yearOf = (date: number) => new Date(date * 86_400_000).getUTCFullYear()
export const dayOfMonth = (date: number) => new Date(date * 86_400_000).getUTCDate()

export function monthsOf(year: number): Month[] {
  return Array.from({ length: 12 }, (_, month) => {
    const [first, end] = [dateOf(year, month, 1), dateOf(year, month + 1, 1)]
    const weeks: (number | null)[][] = []
    for (let monday = first - weekdayOf(first); monday < end; monday += 7) {
      weeks.push(Array.from({ length: 7 }, (_, i) => (monday + i >= first && monday + i < end ? monday + i : null)))
    }
    return { month, first, weeks }
  })
}

/** What is special about each day, by date. */
export function specialDays(entries: readonly CalendarEntry[]): Map<number, CalendarEntry[]> {
  const days = new Map<number, CalendarEntry[]>()
  for (const entry of entries) {
    const [from, to] = [readDate(entry.from), readDate(entry.to)]
    if (from == null || to == null) continue
    for (let date = from; date <= to; date++) days.set(date, [...(days.get(date) ?? []), entry])
  }
  return days
}
