import { ref, watch, type Ref } from 'vue'
import { useRoute, type LocationQuery } from 'vue-router'
import { useQueryWriter } from '../frame/query'
import { i18n } from '../locales/i18n'
import { dateText, readDate } from '../time/districtTime'

export const WEEKS = [4, 12, 26, 52] as const
export const MEASURES = ['entries', 'exits'] as const
export type HistoryMeasure = (typeof MEASURES)[number]

/** The state of the history page that a link keeps. */
export interface HistoryAddress {
  /** Null: all zones together. */
  zone: Ref<string | null>
  measure: Ref<HistoryMeasure>
  /** Over how many weeks the rhythm is the mean. */
  weeks: Ref<number>
  /** Whether holidays and events are left out of the rhythm. */
  plain: Ref<boolean>
  /** Null: the running one. */
  year: Ref<number | null>
  /** Date of the chosen day, days since 1970-01-01. */
  day: Ref<number | null>
}

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value ? value : null)
const read = (query: LocationQuery) => ({
  zone: text(query.zone),
  measure: query.measure === 'exits' ? 'exits' as const : 'entries' as const,
  weeks: WEEKS.find(weeks => String(weeks) === query.weeks) ?? WEEKS[0],
  plain: query.plain === '1',
  year: /^(19[7-9]\d|20\d\d)$/.test(text(query.year) ?? '') ? Number(query.year) : null,
  day: readDate(text(query.day) ?? ''),
})

export function useHistoryAddress(): HistoryAddress {
  const route = useRoute()
  const write = useQueryWriter('history')
  const first = read(route.query)
  const [zone, measure, weeks, plain, year, day] = [ref(first.zone), ref<HistoryMeasure>(first.measure), ref<number>(first.weeks), ref(first.plain), ref(first.year), ref(first.day)]
  watch([zone, measure, weeks, plain, year, day, i18n.global.locale], () => write({
    zone: zone.value, measure: measure.value === 'entries' ? null : measure.value, weeks: weeks.value === WEEKS[0] ? null : String(weeks.value),
    plain: plain.value ? '1' : null, year: year.value == null ? null : String(year.value), day: day.value == null ? null : dateText(day.value), lang: i18n.global.locale.value,
  }))
  watch(() => route.query, query => {
    if (route.name !== 'history') return
    const next = read(query)
    zone.value = next.zone
    measure.value = next.measure
    weeks.value = next.weeks
    plain.value = next.plain
    year.value = next.year
    day.value = next.day
  })
  return { zone, measure, weeks, plain, year, day }
}
