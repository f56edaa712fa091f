import { computed, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type { DistrictPlan } from '../district/useDistrict'
import { headline, type Headline, type ZoneNumbers } from '../footfall/numbers'
import { adjustScale, reach, type Scale } from '../footfall/scale'
import type { Live } from '../live/live'
import { knownEntries, numbersAt } from '../time/day'
import { BUCKET_SECONDS, LIVE, startAt } from '../time/timeline'
import type { DayHistory } from '../time/useDay'

/** What the page shows: each zone's numbers at the chosen time, on one scale. */
export interface Picture {
  plan: DistrictPlan
  zoneIds: readonly string[]
  live: Live
  history: DayHistory
  /** 0…LIVE; LIVE = now. */
  position: Ref<number>
  replaying: ComputedRef<boolean>
  /** [start, end) of the bucket on screen in replay. */
  window: ComputedRef<{ start: number; end: number } | null>
  /** A new function whenever any number may have changed. */
  numbersOf: ComputedRef<(zone: string) => ZoneNumbers | null>
  scale: ShallowRef<Scale>
  headline: ComputedRef<Headline>
}

export const pictureKey: InjectionKey<Picture> = Symbol('picture')

export function usePicture(plan: DistrictPlan, live: Live, history: DayHistory, position: Ref<number>): Picture {
  const zoneIds = plan.zones.features.map(feature => String(feature.id))
  const replaying = computed(() => position.value < LIVE)
  const window = computed(() => {
    if (!replaying.value) return null
    const start = startAt(history.range.value, position.value)
    return { start, end: start + BUCKET_SECONDS }
  })

  const numbersOf = computed(() => {
    const start = window.value?.start
    if (start != null) {
      const day = history.day.value
      return (zone: string) => numbersAt(day, zone, start)
    }
    void live.version.value
    return (zone: string) => live.numbersOf(zone)
  })

  const scale = shallowRef(adjustScale(null, 0))
  const dayReach = computed(() => reach(knownEntries(history.day.value)))
  const liveReach = computed(() => {
    void live.version.value
    return reach(zoneIds.flatMap(zone => live.numbersOf(zone)?.entries ?? []))
  })
  watch([dayReach, liveReach], needed => { scale.value = adjustScale(scale.value, Math.max(...needed)) }, { immediate: true })

  return {
    plan, zoneIds, live, history, position, replaying, window, numbersOf, scale,
    headline: computed(() => headline(zoneIds, numbersOf.value)),
  }
}
