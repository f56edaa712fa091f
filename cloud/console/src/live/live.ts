import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { serverNow } from '../api/client'
import { cloud } from '../api/cloud'
import { ApiProblem } from '../api/problem'
import { toStatus, type AlarmsEvent, type Cart, type Kiosk, type LiveEvent, type LiveZone, type Locker } from '../api/types'
import { sumKnown, type ZoneNumbers } from '../footfall/numbers'
import { followStream } from './followed'
import { RecentLag } from './lag'
import { applyChanged, applyDelta, applySnapshot, type LiveZones } from './merge'

export type LiveState = 'connecting' | 'live' | 'stale'

export interface Live {
  state: Ref<LiveState>
  /** Why the stream is away, as far as known. */
  problem: ShallowRef<ApiProblem | null>
  /** When the last word came, unix seconds on the server's clock; null before the first. */
  lastWord: Ref<number | null>
  /** From a reading's arrival at its gateway to the cloud, ms: nine of ten recent events kept below. */
  lagMs: Ref<number | null>
  /** What is in alarm; null before the first word of it. */
  alarms: ShallowRef<AlarmsEvent | null>
  /** What stands and drives in the district; each list is whole. */
  lockers: ShallowRef<readonly Locker[]>
  kiosks: ShallowRef<readonly Kiosk[]>
  carts: ShallowRef<readonly Cart[]>
  /** Grows when the answer of `/lines` may have changed: it was told so, or the stream was away. */
  lines: Ref<number>
  /** Grows with each event: what is computed from `numbersOf` depends on it. */
  version: Ref<number>
  numbersOf(zone: string): ZoneNumbers | null
}

const LIVE_WINDOW_SECONDS = 900

export function liveNumbers(zone: LiveZone, stale: boolean): ZoneNumbers {
  const end = zone.start + 60
  // The status is of the newest minute. A missing minute within the 15 makes their sum partial.
  const status = zone.status === 'none' && zone.last15Entries != null ? 'partial' : toStatus(zone.status)
  return {
    start: end - LIVE_WINDOW_SECONDS,
    end,
    // A device's totals prove people of these minutes whose very minute nobody knows: over 15 minutes they count.
    entries: sumKnown([zone.last15Entries, zone.last15UnplacedEntries]),
    exits: sumKnown([zone.last15Exits, zone.last15UnplacedExits]),
    occupancy: zone.occupancy,
    occupancyStatus: stale ? 'stale' : toStatus(zone.occupancyStatus ?? zone.status),
    occupancyDrift: null,
    unplacedEntries: zone.last15UnplacedEntries,
    unplacedExits: zone.last15UnplacedExits,
    expected: null,
    received: null,
    status: stale && status !== 'none' ? 'stale' : status,
    revision: zone.revision,
    minute: { start: zone.start, entries: zone.entries, exits: zone.exits },
    lagMs: zone.lagMs,
  }
}

/** Follows the live stream for as long as the calling scope lives. */
export function useLive(): Live {
  const zones: LiveZones = new Map()
  const state = ref<LiveState>('connecting')
  const problem = shallowRef<ApiProblem | null>(null)
  const lastWord = ref<number | null>(null)
  const lagMs = ref<number | null>(null)
  const alarms = shallowRef<AlarmsEvent | null>(null)
  const lockers = shallowRef<readonly Locker[]>([])
  const kiosks = shallowRef<readonly Kiosk[]>([])
  const carts = shallowRef<readonly Cart[]>([])
  const lines = ref(0)
  const version = ref(0)
  const recent = new RecentLag()
  /** What was made of a zone's last word: the same object until it changes, so that whoever shows it need not look closer. */
  const made = new Map<string, { zone: LiveZone; stale: boolean; numbers: ZoneNumbers }>()

  const take = (apply: typeof applyDelta) => (event: LiveEvent) => {
    apply(zones, event)
    lastWord.value = serverNow() / 1000
    lagMs.value = recent.add(event.zones.flatMap(zone => zone.lagMs ?? []))
    version.value++
  }

  const end = followStream(cloud.liveUrl, {
    state(next) {
      if (next === 'open') {
        problem.value = null
        if (state.value === 'stale') lines.value++
      }
      // Before the first picture a failure is still an attempt; afterwards the picture is stale.
      state.value = next === 'open' ? 'live' : next === 'lost' ? 'stale' : 'connecting'
      version.value++
    },
    snapshot: take(applySnapshot),
    zones: take(applyDelta),
    alarms(event) { alarms.value = event },
    lockers(event) { lockers.value = applyChanged(lockers.value, event.lockers, event.total) },
    kiosks(event) { kiosks.value = applyChanged(kiosks.value, event.kiosks, event.total) },
    carts(event) { carts.value = applyChanged(carts.value, event.carts, event.total) },
    lines() { lines.value++ },
    async probe() {
      try {
        await cloud.session()
        problem.value = null
      } catch (error) {
        if (error instanceof ApiProblem) problem.value = error
      }
    },
  })
  onScopeDispose(end)

  return {
    state, problem, lastWord, lagMs, alarms, lockers, kiosks, carts, lines, version,
    numbersOf(id) {
      const zone = zones.get(id)?.zone
      if (!zone) return null
      const stale = state.value === 'stale'
      const known = made.get(id)
      if (known?.zone === zone && known.stale === stale) return known.numbers
      const numbers = liveNumbers(zone, stale)
      made.set(id, { zone, stale, numbers })
      return numbers
    },
  }
}
