import { ref, watch, type Ref } from 'vue'
import { useRoute, type LocationQuery } from 'vue-router'
import { useQueryWriter } from '../frame/query'
import { i18n } from '../locales/i18n'
import { FIRST_CHOICE, readChoice, writeChoice } from '../time/range'
import { readComparison } from '../time/shift'
import type { ReplayState } from '../time/useReplay'

/** The state of the map page that a link keeps: time, range, speed, comparison, zone and language. */
export interface Address extends ReplayState { zone: Ref<string | null> }

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value ? value : null)

export function readTime(value: LocationQuery[string] | undefined): number | null {
  const ms = Date.parse(text(value) ?? '')
  return Number.isNaN(ms) ? null : ms / 1000
}

function readSpeed(value: LocationQuery[string] | undefined): number | null {
  const speed = Number(text(value) ?? NaN)
  return speed >= 1 && Number.isFinite(speed) ? speed : null
}

/** To the minute and in UTC, so that a link means the same everywhere. */
export const writeTime = (unixSeconds: number) => `${new Date(unixSeconds * 1000).toISOString().slice(0, 16)}Z`

export function useAddress(): Address {
  const route = useRoute()
  const write = useQueryWriter('map')
  const choiceOf = (query: LocationQuery) => readChoice({ range: text(query.range), from: text(query.from), to: text(query.to) }) ?? FIRST_CHOICE
  const time = ref(readTime(route.query.t))
  const zone = ref(text(route.query.zone))
  const choice = ref(choiceOf(route.query))
  const speed = ref(readSpeed(route.query.speed))
  const comparison = ref(readComparison(text(route.query.compare)))

  watch([time, zone, choice, speed, comparison, i18n.global.locale], ([at, id, range, fast, compare, lang]) => {
    write({ t: at == null ? null : writeTime(at), zone: id, ...writeChoice(range), speed: fast == null ? null : String(fast), compare, lang })
  })
  watch(() => route.query, query => {
    if (route.name !== 'map') return
    time.value = readTime(query.t)
    zone.value = text(query.zone)
    const next = choiceOf(query)
    if (JSON.stringify(next) !== JSON.stringify(choice.value)) choice.value = next
    speed.value = readSpeed(query.speed)
    comparison.value = readComparison(text(query.compare))
  })
  return { time, zone, choice, speed, comparison }
}
