import type { ComputedRef, InjectionKey, ShallowRef } from 'vue'
import type { DistrictPlan } from '../district/useDistrict'
import type { Live } from '../live/live'

/** What every page of the signed-in console shares. */
export interface Frame {
  /** Set before any page is shown. */
  plan: ShallowRef<DistrictPlan | null>
  live: Live
  /** The district's name in the language on screen. */
  name: ComputedRef<string | null>
}

export const frameKey: InjectionKey<Frame> = Symbol('frame')
