import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { cloud } from '../api/cloud'
import { ApiProblem } from '../api/problem'
import type { CartTrack, Compartment } from '../api/types'
import type { AssetId } from './assets'

export interface Detail {
  compartments: ShallowRef<readonly Compartment[]>
  track: ShallowRef<CartTrack['points']>
  /** Why it could not be read; what was read before stays. */
  problem: ShallowRef<ApiProblem | null>
}

const AGAIN_MS = 5000

/** What the live stream does not tell of the one that is looked at: a locker's compartments, the way that a cart has come. */
export function useDetail(chosen: Ref<AssetId | null>): Detail {
  const compartments = shallowRef<readonly Compartment[]>([])
  const track = shallowRef<CartTrack['points']>([])
  const problem = shallowRef<ApiProblem | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function read(asset: AssetId) {
    try {
      const locker = asset.sort === 'locker' ? (await cloud.locker(asset.id)).compartments : []
      const points = asset.sort === 'cart' ? (await cloud.cartTrack(asset.id)).points : []
      if (gone || chosen.value?.id !== asset.id || chosen.value.sort !== asset.sort) return
      compartments.value = locker
      track.value = points
      problem.value = null
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
    }
    if (!gone && chosen.value?.id === asset.id) timer = setTimeout(() => void read(asset), AGAIN_MS)
  }
  watch(() => (chosen.value ? `${chosen.value.sort}:${chosen.value.id}` : null), () => {
    clearTimeout(timer)
    compartments.value = []
    track.value = []
    problem.value = null
    if (chosen.value && chosen.value.sort !== 'kiosk') void read(chosen.value)
  }, { immediate: true })
  onScopeDispose(() => { gone = true; clearTimeout(timer) })
  return { compartments, track, problem }
}
