import { toStatus, type AreaFigures, type Figure, type PeriodInfo } from '../api/types'
import type { Trust } from '../footfall/trust'
import type { Formats } from '../locales/formats'

/** The numbers of an area in the order in which they are shown. */
export const MEASURES = [
  'visits', 'exits', 'passersBy', 'captureRate', 'meanOccupancy', 'peakOccupancy', 'dwellSeconds', 'queueSeconds', 'peakHour', 'transactions', 'conversion', 'uniqueVisitors',
] as const
export type MeasureKey = (typeof MEASURES)[number]

export const figureOf = (figures: AreaFigures, key: MeasureKey): Figure => figures[key]

/** No data at all is `none`; a number that cannot be known is `na`. */
export function trustOfFigure(figure: Figure): Trust {
  if (figure.value != null) return toStatus(figure.status)
  return figure.cause == null || figure.cause === 'no-data' ? 'none' : 'na'
}

/** A share of 1 with a digit behind the point. */
export const share = (of: number, formats: Formats, digits = 1) => `${formats.decimal(of * 100, digits)}%`

/** A figure as it is read, without its unit; null where there is no number. */
export function shown(key: MeasureKey, figure: Figure, period: PeriodInfo, formats: Formats): string | null {
  if (figure.value == null) return null
  switch (key) {
    case 'captureRate':
    case 'conversion': return share(figure.value, formats)
    case 'meanOccupancy': return formats.decimal(figure.value, figure.value < 100 ? 1 : 0)
    case 'dwellSeconds':
    case 'queueSeconds': return formats.decimal(figure.value / 60, figure.value < 6000 ? 1 : 0)
    case 'peakHour': return period.kind === 'day' ? formats.window(figure.value, figure.value + 3600) : `${formats.day(figure.value)} ${formats.clock(figure.value)}`
    default: return formats.number(Math.round(figure.value))
  }
}

/** Resource key of the unit behind a number. */
export function unitKey(key: MeasureKey): string | null {
  if (key === 'dwellSeconds' || key === 'queueSeconds') return 'minutes'
  return key === 'captureRate' || key === 'conversion' || key === 'peakHour' || key === 'uniqueVisitors' ? null : key
}

/** How much of what should be there has come; null where it is not known. */
export const completeness = (figures: AreaFigures) => (figures.expected && figures.received != null ? Math.min(1, figures.received / figures.expected) : null)
