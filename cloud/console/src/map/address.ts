import { ref, watch, type Ref } from 'vue'
import { useRoute, type LocationQuery } from 'vue-router'
import { readAsset, writeAsset, type AssetId } from '../assets/assets'
import { toMeasure, type Measure } from '../footfall/measure'
import { useQueryWriter } from '../frame/query'
import { i18n } from '../locales/i18n'
import { FIRST_CHOICE, readChoice, writeChoice } from '../time/range'
import { readComparison } from '../time/shift'
import type { ReplayState } from '../time/useReplay'

/** The state of the map page that a link keeps: time, range, speed, comparison, zone, measure, level, layers, what stands or drives there, and language. */
export interface Address extends ReplayState {
  zone: Ref<string | null>
  measure: Ref<Measure>
  /** Null: the one that the district begins with. */
  level: Ref<number | null>
  /** Ids of the layers that are shown; null: those that are shown unless someone chose. */
  layers: Ref<readonly string[] | null>
  /** The locker, kiosk or cart that is looked at. */
  asset: Ref<AssetId | null>
  /** Which list stands beside the map. */
  list: Ref<'zones' | 'assets'>
}

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

export function readLevel(value: LocationQuery[string] | undefined): number | null {
  return /^-?\d{1,3}$/.test(text(value) ?? '') ? Number(text(value)) : null
}

/** No layer at all is a choice, too. */
export const readLayers = (value: LocationQuery[string] | undefined): string[] | null => (typeof value === 'string' ? value.split(',').filter(id => /^[a-z]+$/.test(id)) : null)

export function useAddress(): Address {
  const route = useRoute()
  const write = useQueryWriter('map')
  const choiceOf = (query: LocationQuery) => readChoice({ range: text(query.range), from: text(query.from), to: text(query.to) }) ?? FIRST_CHOICE
  const time = ref(readTime(route.query.t))
  const zone = ref(text(route.query.zone))
  const choice = ref(choiceOf(route.query))
  const speed = ref(readSpeed(route.query.speed))
  const comparison = ref(readComparison(text(route.query.compare)))
  const measure = ref(toMeasure(route.query.measure))
  const level = ref(readLevel(route.query.level))
  const layers = ref<readonly string[] | null>(readLayers(route.query.layers))
  const asset = ref(readAsset(text(route.query.asset)))
  const list = ref<'zones' | 'assets'>(route.query.list === 'assets' ? 'assets' : 'zones')

  watch([time, zone, choice, speed, comparison, i18n.global.locale], ([at, id, range, fast, compare, lang]) => {
    write({ t: at == null ? null : writeTime(at), zone: id, ...writeChoice(range), speed: fast == null ? null : String(fast), compare, lang })
  })
  watch([measure, level, layers], ([what, storey, shown]) => {
    write({ measure: what === 'footfall' ? null : what, level: storey == null ? null : String(storey), layers: shown?.join(',') ?? null })
  })
  watch([asset, list], ([one, which]) => write({ asset: writeAsset(one), list: which === 'zones' ? null : which }))
  watch(() => route.query, query => {
    if (route.name !== 'map') return
    time.value = readTime(query.t)
    zone.value = text(query.zone)
    const next = choiceOf(query)
    if (JSON.stringify(next) !== JSON.stringify(choice.value)) choice.value = next
    speed.value = readSpeed(query.speed)
    comparison.value = readComparison(text(query.compare))
    measure.value = toMeasure(query.measure)
    level.value = readLevel(query.level)
    if (text(query.asset) !== writeAsset(asset.value)) asset.value = readAsset(text(query.asset))
    list.value = query.list === 'assets' ? 'assets' : 'zones'
    const shown = readLayers(query.layers)
    if (shown?.join() !== layers.value?.join()) layers.value = shown
  })
  return { time, zone, choice, speed, comparison, measure, level, layers, asset, list }
}
