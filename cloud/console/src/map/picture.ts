import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import { cloud } from '../api/cloud'
import type { DistrictPlan } from '../district/useDistrict'
import { differenceScale, type DifferenceScale } from '../footfall/difference'
import { scaleOf, shadeOf, valueOf, type Measure, type Shade, type Value } from '../footfall/measure'
import { headline, type Headline, type ZoneNumbers } from '../footfall/numbers'
import { reach, type Scale } from '../footfall/scale'
import type { Unit } from '../footfall/unit'
import type { Live } from '../live/live'
import { paced } from '../live/paced'
import { comparedSum, type Compared } from '../time/compared'
import { partsOf } from '../time/totals'
import type { Replay } from '../time/useReplay'

/** The picture beside what it is compared with: its colours say the difference. */
export interface Difference {
  scale: DifferenceScale
  of(zone: string): Compared
  /** Of all zones that are known on both sides. */
  all: Compared
}

export type Numbers = (zone: string) => ZoneNumbers | null

/** What the page shows: each zone's numbers at the chosen time, on one scale. */
export interface Picture {
  plan: DistrictPlan
  zoneIds: readonly string[]
  live: Live
  replay: Replay
  replaying: ComputedRef<boolean>
  /** The numbers of the moment on screen, or the scale of its range, are on their way. */
  waiting: ComputedRef<boolean>
  /** [start, end) of the bucket on screen in replay. */
  window: ComputedRef<{ start: number; end: number } | null>
  /** How long the windows on screen are. */
  unit: ComputedRef<Unit>
  /** A new function whenever any number may have changed; for what has not, it gives the same object. */
  numbersOf: ComputedRef<Numbers>
  /** What the colours say; what is compared is footfall. */
  measure: ComputedRef<Measure>
  /** The number behind a zone's colour. */
  valueOf: ComputedRef<(zone: string) => Value>
  shadeOf: ComputedRef<(zone: string) => Shade>
  scale: ComputedRef<Scale>
  /** As above, for lists and figures: what changes four times a second cannot be read. */
  legible: { numbersOf: ComputedRef<Numbers>; valueOf: ComputedRef<(zone: string) => Value>; shadeOf: ComputedRef<(zone: string) => Shade> }
  /** Null while nothing is compared. */
  difference: ComputedRef<Difference | null>
  headline: ComputedRef<Headline>
}

export const pictureKey: InjectionKey<Picture> = Symbol('picture')

export function usePicture(plan: DistrictPlan, live: Live, replay: Replay, chosen: Ref<Measure>): Picture {
  const zoneIds = plan.zones.features.map(feature => String(feature.id))
  const areas = new Map(plan.zones.features.map(({ id, properties }) => [String(id), properties.areaSquareMetres ?? null]))
  const { replaying, window } = replay
  const measure = computed(() => (replay.comparedOf.value ? 'footfall' : chosen.value))
  const unit = computed<Unit>(() => (replaying.value ? replay.step.value : '15m'))

  const numbersOf = computed(() => {
    if (replaying.value) return replay.numbersOf.value
    void live.version.value
    return (zone: string) => live.numbersOf(zone)
  })
  const scale = useScale(plan, zoneIds, live, replay, unit, measure)

  const readings = (numbers: ComputedRef<Numbers>) => {
    const valueIn = computed(() => {
      const [of, what] = [numbers.value, measure.value]
      return (zone: string) => valueOf(what, of(zone), areas.get(zone) ?? null)
    })
    const shadeIn = computed(() => { const [of, on] = [valueIn.value, scale.value]; return (zone: string) => shadeOf(on, of(zone)) })
    return { numbersOf: numbers, valueOf: valueIn, shadeOf: shadeIn }
  }
  const { listed, summed } = usePaced(numbersOf, live, replaying)

  const difference = computed(() => {
    const of = replay.comparedOf.value
    return of && { scale: differenceScale(scale.value.top), of, all: comparedSum(zoneIds.map(of)) }
  })

  return {
    plan, zoneIds, live, replay, replaying, window,
    waiting: computed(() => replaying.value && !replay.problem.value && !(replay.ready.value && (replay.loaded.value || replay.lost.value))),
    unit, measure, scale, difference,
    ...readings(numbersOf),
    legible: readings(listed),
    headline: computed(() => headline(zoneIds, summed.value)),
  }
}

const LEGIBLE_MS = 1000

/**
 * Live numbers once a second; the first ones, those of a replay and what becomes stale at once. What sums them up comes half
 * a second after what lists them, so that no frame has both to draw.
 */
function usePaced(numbersOf: ComputedRef<Numbers>, live: Live, replaying: Ref<boolean>): { listed: ComputedRef<Numbers>; summed: ComputedRef<Numbers> } {
  const listed = shallowRef(numbersOf.value)
  const summed = shallowRef(numbersOf.value)
  let later: ReturnType<typeof setTimeout> | undefined
  const take = () => {
    clearTimeout(later)
    listed.value = summed.value = numbersOf.value
  }
  const goOn = paced(() => {
    listed.value = numbersOf.value
    clearTimeout(later)
    later = setTimeout(() => { summed.value = listed.value }, LEGIBLE_MS / 2)
  }, LEGIBLE_MS)
  watch([replaying, live.state, () => live.lastWord.value == null], take)
  watch(numbersOf, () => (replaying.value ? take() : goOn()))
  onScopeDispose(() => clearTimeout(later))
  return { listed: computed(() => listed.value), summed: computed(() => summed.value) }
}

/** Live numbers change four times a second; the scale may wait. */
const SCALE_EVERY_MS = 2000

/**
 * One scale for the live view and the quarter hours before it, another for a range of longer or shorter steps. A range's
 * is known before its first picture, from the sums, and stays for the whole replay. Density has a fixed one.
 */
function useScale(plan: DistrictPlan, zoneIds: readonly string[], live: Live, replay: Replay, unit: ComputedRef<Unit>, measure: Ref<Measure>): ComputedRef<Scale> {
  const first = () => shallowRef(scaleOf(measure.value, null, 0))
  const scales: Record<'live' | 'range', ShallowRef<Scale>> = { live: first(), range: first() }
  const shared = computed(() => replay.step.value === '15m' && replay.range.value.live)
  const occupancyReach = useOccupancyReach(plan, replay, measure)
  // The sums tell what 97 of 100 numbers do not pass; the scale's open class begins there.
  const rangeReach = computed(() => reach([measure.value === 'occupancy' ? occupancyReach.value : replay.reach.value]))

  let known = 0
  let readAt = -Infinity
  watch(measure, () => { readAt = -Infinity }, { flush: 'sync' })
  const liveReach = computed(() => {
    void live.version.value
    const what = measure.value
    if (performance.now() - readAt < SCALE_EVERY_MS) return known
    readAt = performance.now()
    return (known = reach(zoneIds.flatMap(zone => { const value = valueOf(what, live.numbersOf(zone), null); return typeof value === 'number' ? [value] : [] })))
  })
  watch([liveReach, rangeReach, shared, measure], ([now, past, both, what], before) => {
    scales.live.value = scaleOf(what, what === before[3] ? scales.live.value : null, both ? Math.max(now, past) : now)
  }, { immediate: true })
  watch([rangeReach, replay.range, measure], ([past, range, what], [, before, was]) => {
    const another = what !== was || (before && (before.buckets.step !== range.buckets.step || !range.live))
    scales.range.value = scaleOf(what, another ? null : scales.range.value, past)
  }, { immediate: true })
  return computed(() => (unit.value === '15m' && shared.value ? scales.live.value : replay.replaying.value ? scales.range.value : scales.live.value))
}

/** The occupancy of a zone that 97 of 100 in the range do not pass; asked for only while occupancy is shown. */
function useOccupancyReach(plan: DistrictPlan, replay: Replay, measure: Ref<Measure>): Ref<number> {
  const most = ref(0)
  let abort: AbortController | null = null
  watch([measure, replay.range], async ([what, range], before) => {
    abort?.abort()
    const mine = (abort = new AbortController())
    const { buckets } = range
    // What is shared with the live view slides on each quarter of an hour: what was high stays in the scale.
    if (!before[1] || before[1].buckets.step !== buckets.step || !range.live || before[0] !== what) most.value = 0
    if (what !== 'occupancy' || (buckets.step !== '15m' && buckets.step !== '1h')) return
    for (const part of partsOf(buckets, range.first, range.end, plan.lines.features.length, plan.zones.features.length)) {
      // The map says what is wrong with the range; a second message about the same would help nobody.
      const answer = await cloud.total('occupancy', buckets.startOf(part.first), buckets.startOf(part.end), buckets.step, null, mine.signal).catch(() => null)
      if (!answer || mine.signal.aborted) return
      most.value = Math.max(most.value, answer.reach)
    }
  }, { immediate: true })
  onScopeDispose(() => abort?.abort())
  return most
}
