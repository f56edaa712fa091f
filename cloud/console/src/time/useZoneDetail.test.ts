import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { computed, effectScope, ref, shallowRef, type EffectScope } from 'vue'
import type { ZoneNumbers } from '../footfall/numbers'
import type { Step } from './buckets'
import type { Replay } from './useReplay'
import { useZoneDetail } from './useZoneDetail'

const cloud = vi.hoisted(() => ({ zoneFootfall: vi.fn() }))
vi.mock('../api/cloud', () => ({ cloud }))

const START = 1_780_000_200
const bare = (start: number): ZoneNumbers => ({
  start, end: start + 900, entries: 40, exits: 30, occupancy: 12, occupancyStatus: 'complete', occupancyDrift: null, unplacedEntries: null, unplacedExits: null,
  expected: null, received: null, status: 'partial', revision: null, minute: null, lagMs: null,
})
let scope: EffectScope

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  scope = effectScope()
  cloud.zoneFootfall.mockReset().mockImplementation((from: number) => Promise.resolve({
    zones: [{ zone: 'plaza', entries: [41], exits: [30], occupancy: [12], occupancyStatus: ['complete'], occupancyDrift: [0], unplacedEntries: [2], unplacedExits: [0], expected: [15], received: [from === START ? 12 : 15], status: ['partial'], revision: [7] }],
  }))
})
afterEach(() => { scope.stop(); vi.useRealTimers() })

function rest() {
  const [zone, playing, step, at] = [ref<string | null>('plaza'), ref(false), ref<Step>('15m'), ref(START)]
  const window = computed(() => ({ start: at.value, end: at.value + 900 }))
  const replay = { window, playing, step, replaying: ref(true) } as unknown as Replay
  const numbers = shallowRef(bare(START))
  const detail = scope.run(() => useZoneDetail(computed(() => ({ ...numbers.value, start: at.value, end: at.value + 900 })), zone, replay))!
  return { zone, playing, step, at, detail }
}

it('tells the readings of a picture that rests, and of none that has passed', async () => {
  const { at, detail } = rest()
  expect(detail.value).toMatchObject({ entries: 40, expected: null })
  at.value = START + 900
  await vi.advanceTimersByTimeAsync(299)
  at.value = START
  await vi.advanceTimersByTimeAsync(300)
  expect(cloud.zoneFootfall).toHaveBeenCalledOnce()
  expect(detail.value).toMatchObject({ entries: 41, expected: 15, received: 12, unplacedEntries: 2, revision: 7 })
  at.value = START + 1800
  expect(detail.value).toMatchObject({ start: START + 1800, entries: 40, expected: null })
})

it.each<[string, Partial<{ playing: boolean; step: Step; zone: null }>]>([['while it plays', { playing: true }], ['of whole days', { step: '1d' }], ['without a zone', { zone: null }]])('does not ask %s', async (_, state) => {
  const { zone, playing, step } = rest()
  if (state.playing) playing.value = true
  if (state.step) step.value = state.step
  if (state.zone === null) zone.value = null
  await vi.advanceTimersByTimeAsync(1000)
  expect(cloud.zoneFootfall).not.toHaveBeenCalled()
})

it('leaves what it knows where more cannot be read', async () => {
  cloud.zoneFootfall.mockRejectedValue(new Error('away'))
  const { detail } = rest()
  await vi.advanceTimersByTimeAsync(1000)
  expect(detail.value).toMatchObject({ entries: 40, expected: null })
})
