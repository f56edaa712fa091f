import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { Cart } from '../api/types'
import type { DistrictPlan } from '../district/useDistrict'
import type { Live } from '../live/live'
import { jumps, LAYERS, lookOf, SORTS, type Asset, type AssetId, type Sort } from './assets'

/** A marker of the map before it is projected. */
export interface AssetMarker { id: string; at: readonly number[]; level: number; look: string; jumps: boolean }

export interface Assets {
  all: ComputedRef<readonly Asset[]>
  /** The sorts that this district has. */
  sorts: readonly Sort[]
  markersOf(sort: Sort): readonly AssetMarker[]
  find(id: AssetId | null): Asset | null
}

/** Lockers, kiosks and carts as the live stream tells of them. */
export function useAssets({ district }: DistrictPlan, live: Live): Assets {
  const all = computed<readonly Asset[]>(() => [
    ...live.lockers.value.map(info => ({ sort: 'locker' as const, info })),
    ...live.kiosks.value.map(info => ({ sort: 'kiosk' as const, info })),
    ...live.carts.value.map(info => ({ sort: 'cart' as const, info })),
  ])
  let before = new Map<string, Cart>()
  const markers = shallowRef<Record<Sort, AssetMarker[]>>({ locker: [], kiosk: [], cart: [] })
  watch(all, assets => {
    const next: Record<Sort, AssetMarker[]> = { locker: [], kiosk: [], cart: [] }
    for (const asset of assets) {
      const { sort, info } = asset
      if (info.at) next[sort].push({ id: info.id, at: info.at, level: info.level, look: lookOf(asset), jumps: sort === 'cart' && jumps(before.get(info.id), info) })
    }
    before = new Map(live.carts.value.map(cart => [cart.id, cart]))
    markers.value = next
  }, { immediate: true })
  return {
    all,
    sorts: SORTS.filter(sort => district[LAYERS[sort]] > 0),
    markersOf: sort => markers.value[sort],
    find: id => all.value.find(({ sort, info }) => sort === id?.sort && info.id === id.id) ?? null,
  }
}
