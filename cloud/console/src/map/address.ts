import { ref, watch, type Ref } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import { i18n } from '../locales/i18n'

/** The state of the map page that a link keeps: time (unix seconds, null = live), zone and language. */
export interface Address { time: Ref<number | null>; zone: Ref<string | null> }

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value ? value : null)

export function readTime(value: LocationQuery[string] | undefined): number | null {
  const ms = Date.parse(text(value) ?? '')
  return Number.isNaN(ms) ? null : ms / 1000
}

/** To the minute and in UTC, so that a link means the same everywhere. */
export const writeTime = (unixSeconds: number) => `${new Date(unixSeconds * 1000).toISOString().slice(0, 16)}Z`

/** Dragging the slider must not flood the browser's history: the address follows when it rests. */
const REST_MS = 250

export function useAddress(): Address {
  const route = useRoute()
  const router = useRouter()
  const time = ref(readTime(route.query.t))
  const zone = ref(text(route.query.zone))
  let timer: ReturnType<typeof setTimeout> | undefined

  watch([time, zone, i18n.global.locale], ([at, id, lang]) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (route.name !== 'map') return
      const { t: _t, zone: _zone, ...rest } = route.query
      void router.replace({ query: { ...rest, ...(at == null ? {} : { t: writeTime(at) }), ...(id == null ? {} : { zone: id }), lang } })
    }, REST_MS)
  })
  watch(() => [route.query.t, route.query.zone] as const, ([t, id]) => {
    time.value = readTime(t)
    zone.value = text(id)
  })
  return { time, zone }
}
