import type { ComputedRef, InjectionKey, Ref, ShallowRef } from 'vue'
import type { DistrictPlan } from '../district/useDistrict'
import type { Live } from '../live/live'
import type { Role } from './sections'

/** What every page of the signed-in console shares. */
export interface Frame {
  /** Set before any page is shown. */
  plan: ShallowRef<DistrictPlan | null>
  live: Live
  /** The district's name in the language on screen. */
  name: ComputedRef<string | null>
  /** What the person who is signed in may do. */
  role: Ref<Role>
  /** On a wall screen nobody clicks: tools and hints may be left out. */
  wall: ComputedRef<boolean>
}

export const frameKey: InjectionKey<Frame> = Symbol('frame')
