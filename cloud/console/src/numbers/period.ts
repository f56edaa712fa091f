import type { PeriodInfo } from '../api/types'
import type { Formats } from '../locales/formats'
import { dateText, readDate, weekdayOf } from '../time/districtTime'

export const KINDS = ['day', 'week', 'month', 'year'] as const
export type Kind = (typeof KINDS)[number]

const DAY_MS = 86_400_000
const pad = (n: number) => String(n).padStart(2, '0')

/** What a name is of: a day's, week's, month's or year's own, or the present one's. */
export function kindOf(name: string): Kind {
  if ((KINDS as readonly string[]).includes(name)) return name as Kind
  return /^\d{4}$/.test(name) ? 'year' : /^\d{4}-W/.test(name) ? 'week' : /^\d{4}-\d\d$/.test(name) ? 'month' : 'day'
}

/** Year and number of a date's week, ISO 8601: it belongs to the year that its Thursday lies in. */
export function isoWeek(date: number): { year: number; week: number } {
  const thursday = date - weekdayOf(date) + 3
  const year = new Date(thursday * DAY_MS).getUTCFullYear()
  const first = Date.UTC(year, 0, 1) / DAY_MS
  return { year, week: Math.floor((thursday - first) / 7) + 1 }
}

/** The name that the API knows the day, week, month or year of a date by; a date is days since 1970-01-01. */
export function periodName(kind: Kind, date: number): string {
  const text = dateText(date)
  if (kind === 'day') return text
  if (kind === 'month') return text.slice(0, 7)
  if (kind === 'year') return text.slice(0, 4)
  const { year, week } = isoWeek(date)
  return `${year}-W${pad(week)}`
}

/** What a period that is over is compared with: a day with the same weekday, a week or month with the one before. */
export function comparedWith(period: PeriodInfo, previous: string): string | null {
  if (period.kind === 'day') return dateText(readDate(period.name)! - 7)
  return period.kind === 'week' || period.kind === 'month' ? previous : null
}

/** What a period, or a step of one, is called on screen. */
export function periodTitle(period: PeriodInfo, formats: Formats, t: (key: string, values: Record<string, string>) => string): string {
  switch (period.kind) {
    case 'day': return formats.fullDay(period.from)
    case 'week': return t('kpis.weekName', { year: period.name.slice(0, 4), week: String(Number(period.name.slice(6))) })
    case 'month': return formats.fullMonth(period.from)
    case 'year': return formats.year(period.from)
    default: return formats.window(period.from, period.to)
  }
}

/** The short name of a step under its bar. */
export function stepLabel(step: PeriodInfo, of: string, formats: Formats): string {
  if (step.kind === 'hour') return formats.clock(step.from)
  if (step.kind === 'month') return formats.month(step.from)
  return of === 'week' ? formats.day(step.from) : String(Number(step.name.slice(8)))
}
