import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { cloud } from '../api/cloud'
import { toStatus } from '../api/types'
import type { ZoneNumbers } from '../footfall/numbers'
import type { Replay } from './useReplay'

/** While a picture stays this long, what the heatmap does not have of the selected zone is asked for. */
const REST_MS = 300

/** A zone's numbers at the moment on screen, with its readings and what could not be placed, once a replay rests. */
export function useZoneDetail(numbers: Ref<ZoneNumbers | null>, zone: Ref<string | null>, replay: Replay): ComputedRef<ZoneNumbers | null> {
  const detail = shallowRef<{ zone: string; numbers: ZoneNumbers } | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort: AbortController | null = null

  async function read(id: string, start: number, end: number, bucket: '1m' | '15m' | '1h') {
    const mine = (abort = new AbortController())
    const answer = await cloud.zoneFootfall(start, end, bucket, mine.signal).catch(() => null)
    const of = answer?.zones.find(each => each.zone === id)
    const entries = of?.entries[0]
    if (mine.signal.aborted || !of || entries == null) return
    detail.value = {
      zone: id,
      numbers: {
        start, end, entries, exits: of.exits[0] ?? null, occupancy: of.occupancy[0] ?? null,
        occupancyStatus: toStatus(of.occupancyStatus[0]), occupancyDrift: of.occupancyDrift[0] ?? null,
        unplacedEntries: of.unplacedEntries[0] ?? null, unplacedExits: of.unplacedExits[0] ?? null,
        expected: of.expected[0] ?? null, received: of.received[0] ?? null,
        status: toStatus(of.status[0]), revision: of.revision[0] ?? null, minute: null, lagMs: null,
      },
    }
  }

  watch([zone, replay.window, replay.playing, replay.step] as const, ([id, window, playing, step]) => {
    clearTimeout(timer)
    abort?.abort()
    if (id == null || !window || playing || step === '1d') return
    timer = setTimeout(() => void read(id, window.start, window.end, step), REST_MS)
  }, { immediate: true })
  onScopeDispose(() => { clearTimeout(timer); abort?.abort() })

  return computed(() => {
    const [known, more] = [numbers.value, detail.value]
    return known && more && more.zone === zone.value && more.numbers.start === known.start && more.numbers.end === known.end && replay.replaying.value ? more.numbers : known
  })
}
