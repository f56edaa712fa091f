import { computed, shallowRef, watch, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import type { DistrictPlan } from '../district/useDistrict'
import { differenceScale, type DifferenceScale } from '../footfall/difference'
import { headline, type Headline, type ZoneNumbers } from '../footfall/numbers'
import { adjustScale, reach, type Scale } from '../footfall/scale'
import type { Unit } from '../footfall/unit'
import type { Live } from '../live/live'
import { comparedSum, type Compared } from '../time/compared'
import type { Replay } from '../time/useReplay'

/** The picture beside what it is compared with: its colours say the difference. */
export interface Difference {
  scale: DifferenceScale
  of(zone: string): Compared
  /** Of all zones that are known on both sides. */
  all: Compared
}

/** What the page shows: each zone's numbers at the chosen time, on one scale. */
export interface Picture {
  plan: DistrictPlan
  zoneIds: readonly string[]
  live: Live
  replay: Replay
  replaying: ComputedRef<boolean>
  /** [start, end) of the bucket on screen in replay. */
  window: ComputedRef<{ start: number; end: number } | null>
  /** How long the windows on screen are. */
  unit: ComputedRef<Unit>
  /** A new function whenever any number may have changed. */
  numbersOf: ComputedRef<(zone: string) => ZoneNumbers | null>
  scale: ComputedRef<Scale>
  /** Null while nothing is compared. */
  difference: ComputedRef<Difference | null>
  headline: ComputedRef<Headline>
}

export const pictureKey: InjectionKey<Picture> = Symbol('picture')

export function usePicture(plan: DistrictPlan, live: Live, replay: Replay): Picture {
  const zoneIds = plan.zones.features.map(feature => String(feature.id))
  const { replaying, window } = replay
  const unit = computed<Unit>(() => (replaying.value ? replay.step.value : '15m'))

  const numbersOf = computed(() => {
    if (replaying.value) return replay.numbersOf.value
    void live.version.value
    return (zone: string) => live.numbersOf(zone)
  })

  const scale = useScale(zoneIds, live, replay, unit)
  const difference = computed(() => {
    const of = replay.comparedOf.value
    return of && { scale: differenceScale(scale.value.top), of, all: comparedSum(zoneIds.map(of)) }
  })

  return {
    plan, zoneIds, live, replay, replaying, window, unit, numbersOf, scale, difference,
    headline: computed(() => headline(zoneIds, numbersOf.value)),
  }
}

/**
 * One scale for the live view and the quarter hours before it, another for a range of longer or shorter steps. A range's
 * is known before its first picture, from the sums, and stays for the whole replay.
 */
function useScale(zoneIds: readonly string[], live: Live, replay: Replay, unit: ComputedRef<Unit>): ComputedRef<Scale> {
  const scales: Record<'live' | 'range', ShallowRef<Scale>> = { live: shallowRef(adjustScale(null, 0)), range: shallowRef(adjustScale(null, 0)) }
  const shared = computed(() => replay.step.value === '15m' && replay.range.value.live)
  // The sums tell what 97 of 100 numbers do not pass; the scale's open class begins there.
  const rangeReach = computed(() => reach([replay.reach.value]))
  const liveReach = computed(() => {
    void live.version.value
    return reach(zoneIds.flatMap(zone => live.numbersOf(zone)?.entries ?? []))
  })
  watch([liveReach, rangeReach, shared], ([now, past, both]) => { scales.live.value = adjustScale(scales.live.value, both ? Math.max(now, past) : now) }, { immediate: true })
  watch([rangeReach, replay.range], ([past, range], [, before]) => {
    const another = before && (before.buckets.step !== range.buckets.step || !range.live)
    scales.range.value = adjustScale(another ? null : scales.range.value, past)
  }, { immediate: true })
  return computed(() => (unit.value === '15m' && shared.value ? scales.live.value : replay.replaying.value ? scales.range.value : scales.live.value))
}
