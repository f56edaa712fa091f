import { computed, ref, type ComputedRef } from 'vue'
import { cultureOf, i18n } from './i18n'
import type { LocalizedName } from '../api/types'

/** The district's IANA zone: every time on screen is told in it. */
export const districtTimeZone = ref('UTC')

export interface Formats {
  number(n: number | null | undefined): string
  decimal(n: number, digits: number): string
  percent(share: number): string
  /** A length of time given in ms, in ms or seconds. */
  lag(ms: number): string
  /** All times are unix seconds. */
  clock(at: number): string
  clockSeconds(at: number): string
  day(at: number): string
  /** Day, month and year. */
  date(at: number): string
  /** Day of the week, day, month and year. */
  fullDay(at: number): string
  month(at: number): string
  /** Month and year. */
  fullMonth(at: number): string
  year(at: number): string
  /** Of the week, 0 = Monday. */
  weekday(day: number, length: 'long' | 'short' | 'narrow'): string
  /** Of the year, 0 = January. */
  monthName(month: number): string
  /** Day, month and time. */
  moment(at: number): string
  /** With its sign, also a plus. */
  signed(n: number, digits?: number): string
  signedPercent(share: number): string
  window(from: number, to: number): string
  zoneName(): string
  name(name: LocalizedName): string
  compare(a: string, b: string): number
}

/** As wide as a plus, and not taken for a dash. */
const minus = (text: string) => text.replace('-', '−')

export function makeFormats(language: 'zh' | 'en', culture: string, timeZone: string): Formats {
  const plain = new Intl.NumberFormat(culture)
  // Making one takes longer than a thousand uses of it.
  const decimals: Record<number, Intl.NumberFormat> = {}
  const tenths = new Intl.NumberFormat(culture, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const share = new Intl.NumberFormat(culture, { style: 'percent', maximumFractionDigits: 0 })
  const signedShare = new Intl.NumberFormat(culture, { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 0 })
  const time = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const clock = new Intl.DateTimeFormat(culture, time)
  const clockSeconds = new Intl.DateTimeFormat(culture, { ...time, second: '2-digit' })
  const day = new Intl.DateTimeFormat(culture, { timeZone, month: 'short', day: 'numeric', weekday: 'short' })
  const date = new Intl.DateTimeFormat(culture, { timeZone, year: 'numeric', month: 'short', day: 'numeric' })
  const fullDay = new Intl.DateTimeFormat(culture, { timeZone, year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' })
  const fullMonth = new Intl.DateTimeFormat(culture, { timeZone, year: 'numeric', month: 'long' })
  const month = new Intl.DateTimeFormat(culture, { timeZone, month: 'short' })
  const year = new Intl.DateTimeFormat(culture, { timeZone, year: 'numeric' })
  const moment = new Intl.DateTimeFormat(culture, { ...time, month: 'short', day: 'numeric' })
  const zone = new Intl.DateTimeFormat(culture, { timeZone, timeZoneName: 'longGeneric' })
  const collator = new Intl.Collator(culture, { numeric: true })
  const at = (unix: number) => new Date(unix * 1000)
  return {
    number: n => (n == null ? i18n.global.t('numbers.unknown') : plain.format(n)),
    decimal: (n, digits) => (decimals[digits] ??= new Intl.NumberFormat(culture, { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(n),
    percent: n => share.format(n),
    lag: ms => (ms < 1000 ? `${plain.format(Math.round(ms))} ms` : `${tenths.format(ms / 1000)} ${language === 'zh' ? '秒' : 's'}`),
    clock: unix => clock.format(at(unix)),
    clockSeconds: unix => clockSeconds.format(at(unix)),
    day: unix => day.format(at(unix)),
    date: unix => date.format(at(unix)),
    fullDay: unix => fullDay.format(at(unix)),
    fullMonth: unix => fullMonth.format(at(unix)),
    month: unix => month.format(at(unix)),
    year: unix => year.format(at(unix)),
    weekday: (day, length) => new Intl.DateTimeFormat(culture, { timeZone: 'UTC', weekday: length }).format(Date.UTC(1970, 0, 5 + day)),
    monthName: of => new Intl.DateTimeFormat(culture, { timeZone: 'UTC', month: 'long' }).format(Date.UTC(1970, of)),
    moment: unix => moment.format(at(unix)),
    signed: (n, digits = 0) => minus(new Intl.NumberFormat(culture, { signDisplay: 'exceptZero', maximumFractionDigits: digits }).format(n)),
    signedPercent: n => minus(signedShare.format(n)),
    window: (from, to) => i18n.global.t('time.window', { from: clock.format(at(from)), to: clock.format(at(to)) }),
    zoneName: () => zone.formatToParts(new Date()).find(part => part.type === 'timeZoneName')?.value ?? timeZone,
    name: name => name[language] || name.zh || name.en,
    compare: (a, b) => collator.compare(a, b),
  }
}

const formats = computed(() => {
  const language = i18n.global.locale.value
  return makeFormats(language, cultureOf(language), districtTimeZone.value)
})

/** Numbers, dates and names in the language on screen and the district's time. */
export const useFormats = (): ComputedRef<Formats> => formats
