import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { serverNow } from '../api/client'
import { cloud } from '../api/cloud'
import { ApiProblem, unreachable } from '../api/problem'
import type { Measure, StaleStore } from '../api/types'
import type { DistrictPlan } from '../district/useDistrict'
import type { ZoneNumbers } from '../footfall/numbers'
import { STEP_SECONDS, type Step } from './buckets'
import { compared, type Compared } from './compared'
import { DistrictTime } from './districtTime'
import { Frames } from './frames'
import { countOf, dayChoice, endAt, FIRST_CHOICE, positionOf, resolve, startAt, type Range, type RangeChoice, type RangeFault } from './range'
import { referencesOf, type Comparison } from './shift'
import { firstSpeed, frameMs, speedNear } from './speed'
import { emptySeries, partsOf, takeIn, type Series } from './totals'
import { useComparisonTotals } from './useComparisonTotals'

export interface ReplayState {
  /** The instant on screen; null = live. */
  time: Ref<number | null>
  choice: Ref<RangeChoice>
  /** Null = as suits the range. */
  speed: Ref<number | null>
  comparison: Ref<Comparison | null>
}

/** The map's past: a range of buckets, which of them is on screen, and what makes it move. */
export interface Replay {
  time: DistrictTime
  choice: Ref<RangeChoice>
  /** What is wrong with the choice; the range before it stays. */
  fault: ComputedRef<RangeFault | null>
  range: ComputedRef<Range>
  step: ComputedRef<Step>
  /** 0…count - 1, or count = live, where the range ends with now. */
  position: Ref<number>
  replaying: ComputedRef<boolean>
  /** [start, end) of the bucket on screen. */
  window: ComputedRef<{ start: number; end: number } | null>
  /** Whether the numbers on screen are here. */
  ready: ComputedRef<boolean>
  /** A new function whenever a number may have changed. */
  numbersOf: ComputedRef<(zone: string) => ZoneNumbers | null>
  /** The district's entries over the range. */
  totals: ShallowRef<Series>
  /** Whether they have all come, and with them the scale. */
  loaded: Ref<boolean>
  /** They could not be read; it is tried again. */
  lost: Ref<boolean>
  /** Entries of a zone and bucket that 97 of 100 do not pass. */
  reach: Ref<number>
  problem: ShallowRef<ApiProblem | null>
  /** The cloud answers from what it remembers: its store is away. */
  stale: ShallowRef<StaleStore | null>
  comparison: Ref<Comparison | null>
  comparedOf: ComputedRef<((zone: string) => Compared) | null>
  /** What the sums are compared with; null without a comparison. */
  comparedTotals: ShallowRef<readonly (number | null)[] | null>
  playing: Ref<boolean>
  /** Playing, but the next picture is still on its way. */
  waiting: Ref<boolean>
  speed: ComputedRef<number>
  setSpeed(speed: number): void
  toggle(): void
  pause(): void
  stepBy(steps: number): void
  toLive(): void
  reload(): void
}

/** How long after a bucket's end it is read: most late readings are in by then. */
const GRACE_SECONDS = 10
const RETRY_SECONDS = 15
/** Without the others a picture is better than none. */
const FIRST_MEASURE = ['entries'] as const
/** Late data revises past buckets: the last two hours are read again with each turn, all the rest each hour. */
const REVISED_SECONDS = 2 * 3600
/** Pictures are here this long before they are due. */
const AHEAD_MS = 8000
const MOST_AHEAD = 240

export function useReplay(plan: DistrictPlan, state: ReplayState): Replay {
  const { time: at, choice, comparison } = state
  const time = new DistrictTime(plan.district.timeZone, plan.district.occupancyReset)
  const zones = plan.zones.features.map(feature => String(feature.id))
  const lines = plan.lines.features.length
  const nowSeconds = () => Math.floor(serverNow() / 1000)
  /** Moves on when a bucket has closed and its last readings have had their time. */
  const now = ref(nowSeconds())

  const resolved = computed(() => resolve(choice.value, time, now.value))
  const fault = computed(() => (typeof resolved.value === 'string' ? resolved.value : null))
  let before = resolve(FIRST_CHOICE, time, now.value) as Range
  const range = computed(() => (typeof resolved.value === 'string' ? before : (before = resolved.value)))
  const step = computed(() => range.value.buckets.step)
  const count = computed(() => countOf(range.value))

  const replaying = computed(() => at.value != null || !range.value.live)
  const position = computed({
    get: () => {
      if (at.value == null) return range.value.live ? count.value : 0
      return positionOf(range.value, at.value) ?? (at.value < startAt(range.value, 0) ? 0 : count.value - 1)
    },
    set: next => { at.value = next >= count.value && range.value.live && !comparison.value ? null : startAt(range.value, Math.min(count.value - 1, Math.max(0, next))) },
  })
  const window = computed(() => (replaying.value ? { start: startAt(range.value, position.value), end: endAt(range.value, position.value) } : null))
  // A link to a time that its range does not reach shows the day of that time; a sliding range that has left it behind, too.
  watch([at, range], () => {
    if (at.value == null || positionOf(range.value, at.value) != null) return
    if (typeof choice.value === 'string' && at.value < now.value - STEP_SECONDS[step.value]) choice.value = dayChoice(at.value, time)
    else position.value = position.value
  }, { immediate: true })
  watch(comparison, wanted => { if (wanted && at.value == null && range.value.live) at.value = startAt(range.value, count.value - 1) }, { immediate: true })

  const problem = shallowRef<ApiProblem | null>(null)
  const stale = shallowRef<StaleStore | null>(null)
  const failed = (error: unknown) => {
    problem.value = error instanceof ApiProblem ? error : unreachable()
    wait()
  }

  const version = ref(0)
  const frames = shallowRef<Frames>()
  watch(step, () => {
    frames.value?.dispose()
    frames.value = new Frames(range.value.buckets, zones, lines, cloud.heatmap, nowSeconds, {
      changed: () => { version.value++ },
      failed,
      came: answer => { stale.value = answer.stale ?? null; problem.value = null },
    })
  }, { immediate: true })

  const measures = computed<Measure[]>(() => (step.value === '15m' || step.value === '1h' ? ['entries', 'exits', 'occupancy'] : ['entries', 'exits']))
  const refs = (index: number) => (comparison.value ? referencesOf(comparison.value, range.value.buckets, time, index) : [])
  const has = (p: number) => {
    const index = range.value.first + p
    const needed = problem.value ? FIRST_MEASURE : measures.value
    return needed.every(measure => frames.value!.has(measure, index)) && refs(index).every(reference => reference == null || frames.value!.has('entries', reference))
  }
  const ready = computed(() => { void version.value; return !replaying.value || has(position.value) })

  function want() {
    if (!replaying.value) return
    const { first, end } = range.value
    const ahead = playing.value ? Math.min(MOST_AHEAD, Math.ceil(AHEAD_MS / frameMs(step.value, speed.value))) : 2
    const indexes: number[] = []
    for (let index = first + position.value; index < Math.min(end, first + position.value + ahead + 1); index++) indexes.push(index)
    frames.value!.want([indexes[0]!, ...indexes.slice(0, 1).flatMap(refs).filter(known), ...indexes.slice(1), ...indexes.slice(1).flatMap(refs).filter(known)], measures.value)
  }
  const known = (index: number | null): index is number => index != null

  const numbersOf = computed(() => {
    void version.value
    const on = frames.value!
    const index = range.value.first + position.value
    const { start, end } = { start: startAt(range.value, position.value), end: endAt(range.value, position.value) }
    const made = new Map<string, ZoneNumbers | null>()
    const numbers = (zone: string): ZoneNumbers | null => {
      if (!on.has('entries', index)) return null
      const entries = on.cell('entries', zone, index)
      const occupancy = on.cell('occupancy', zone, index)
      return {
        start, end,
        entries: entries.value, exits: on.cell('exits', zone, index).value,
        occupancy: occupancy.value, occupancyStatus: occupancy.status, occupancyDrift: null,
        unplacedEntries: null, unplacedExits: null, expected: null, received: null,
        status: entries.status, revision: null, minute: null, lagMs: null,
      }
    }
    return (zone: string) => {
      let known = made.get(zone)
      if (known === undefined) made.set(zone, known = numbers(zone))
      return known
    }
  })

  const comparedOf = computed(() => {
    if (!comparison.value || !replaying.value) return null
    void version.value
    const index = range.value.first + position.value
    const [on, references] = [frames.value!, refs(index)]
    return (zone: string) => compared(on.cell('entries', zone, index), references.map(reference => (reference == null ? null : on.cell('entries', zone, reference))))
  })
  const comparedTotals = useComparisonTotals(range, comparison, time, lines, zones.length)

  // The range's sums: what the time line shows, and how far the scale must reach.
  const totals = shallowRef<Series>(emptySeries(count.value))
  const loaded = ref(false)
  const lost = ref(false)
  const reach = ref(0)
  let abort: AbortController | null = null

  async function readTotals(shown: Range, parts: { first: number; end: number }[], whole: boolean) {
    abort?.abort()
    const mine = (abort = new AbortController())
    try {
      for (const part of parts) {
        const { buckets } = shown
        const answer = await cloud.total('entries', buckets.startOf(part.first), buckets.startOf(part.end), buckets.step, null, mine.signal)
        if (mine.signal.aborted) return
        totals.value = takeIn(totals.value, buckets, shown.first, answer)
        reach.value = Math.max(reach.value, answer.reach)
        stale.value = answer.stale ?? null
        problem.value = null
      }
      if (whole) loaded.value = true
      lost.value = false
    } catch (error) {
      if (mine.signal.aborted) return
      lost.value = true
      failed(error)
    }
  }
  let shown: Range | null = null
  watch(range, next => {
    const same = shown && shown.buckets.step === next.buckets.step && next.live && shown.live && loaded.value && countOf(shown) === countOf(next)
    if (same) {
      const moved = next.first - shown!.first
      const series = emptySeries(countOf(next))
      totals.value = {
        values: series.values.map((_, i) => totals.value.values[i + moved] ?? null),
        status: series.status.map((_, i) => totals.value.status[i + moved] ?? 'none'),
      }
      const again = Math.max(next.first, next.end - Math.ceil(REVISED_SECONDS / STEP_SECONDS[next.buckets.step]) - moved)
      shown = next
      void readTotals(next, [{ first: again, end: next.end }], false)
      return
    }
    shown = next
    loaded.value = lost.value = false
    reach.value = 0
    totals.value = emptySeries(countOf(next))
    void readTotals(next, partsOf(next.buckets, next.first, next.end, lines, zones.length), true)
  }, { immediate: true })

  // Time goes on.
  let turn: ReturnType<typeof setTimeout> | undefined
  let allAgain = nowSeconds() + 3600
  function wait() {
    clearTimeout(turn)
    const seconds = Math.min(900, STEP_SECONDS[step.value])
    const rest = problem.value || lost.value || stale.value ? RETRY_SECONDS : seconds - ((nowSeconds() - GRACE_SECONDS) % seconds)
    turn = setTimeout(() => {
      const again = lost.value && !loaded.value
      now.value = nowSeconds()
      frames.value!.age(now.value >= allAgain ? 0 : now.value - REVISED_SECONDS)
      if (now.value >= allAgain) allAgain = now.value + 3600
      if (again) void readTotals(range.value, partsOf(range.value.buckets, range.value.first, range.value.end, lines, zones.length), true)
      want()
      wait()
    }, rest * 1000)
  }

  // Playing.
  const playing = ref(false)
  const waiting = ref(false)
  const speed = computed(() => (state.speed.value == null ? firstSpeed(step.value) : speedNear(step.value, state.speed.value)))
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = 0

  function pause() {
    clearTimeout(timer)
    playing.value = waiting.value = false
  }
  function schedule() {
    clearTimeout(timer)
    timer = setTimeout(advance, Math.max(0, due - performance.now()))
  }
  function advance() {
    const next = position.value + 1
    if (next >= count.value) {
      // A replay of the past ends with its last picture, one that reaches now in the live view.
      if (range.value.live) position.value = next
      return pause()
    }
    waiting.value = !has(next)
    if (waiting.value) return want()
    position.value = next
    // A picture that was late does not make the next ones hurry.
    due = Math.max(due, performance.now() - 250) + frameMs(step.value, speed.value)
    schedule()
  }
  function toggle() {
    if (playing.value) return pause()
    const begins = totals.value.values.findIndex(value => value != null)
    if (position.value >= count.value - 1) position.value = Math.max(0, begins)
    playing.value = true
    due = performance.now() + frameMs(step.value, speed.value)
    want()
    schedule()
  }
  watch(version, () => { if (waiting.value) { due = performance.now(); schedule() } })
  watch(speed, () => { if (playing.value) { due = performance.now() + frameMs(step.value, speed.value); want(); schedule() } })
  watch([replaying, position, range, comparison, frames], want, { immediate: true })
  watch(choice, pause)
  wait()
  onScopeDispose(() => { clearTimeout(turn); pause(); abort?.abort(); frames.value?.dispose() })

  return {
    time, choice, fault, range, step, position, replaying, window, ready, numbersOf, totals, loaded, lost, reach, problem, stale,
    comparison, comparedOf, comparedTotals, playing, waiting, speed,
    setSpeed: next => { state.speed.value = next },
    toggle, pause,
    stepBy: steps => { pause(); position.value = position.value + steps },
    toLive: () => {
      pause()
      comparison.value = null
      if (!range.value.live) choice.value = FIRST_CHOICE
      at.value = null
    },
    reload: () => {
      frames.value!.age(0)
      void readTotals(range.value, partsOf(range.value.buckets, range.value.first, range.value.end, lines, zones.length), true)
      want()
    },
  }
}
