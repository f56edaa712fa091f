import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { serverNow } from '../api/client'
import { cloud } from '../api/cloud'
import { ApiProblem } from '../api/problem'
import { takeIn, totals, type Day } from './day'
import { BUCKET_SECONDS, BUCKETS, dayRange, startAt, untilNextBucket, type DayRange } from './timeline'

export interface DayHistory {
  range: Ref<DayRange>
  day: ShallowRef<Day>
  starts: ComputedRef<number[]>
  totals: ComputedRef<(number | null)[]>
  loaded: Ref<boolean>
  problem: ShallowRef<ApiProblem | null>
  reload(): Promise<void>
}

/** How long after a bucket's end it is read: most late readings are in by then. */
const GRACE_MS = 10_000
/** Late data revises past buckets: the last two hours are read again with each new bucket, the day each hour. */
const REREAD_BUCKETS = 8
const RETRY_MS = 15_000

/** The last 24 hours, kept up to date without being read anew as a whole. */
export function useDay(): DayHistory {
  const range = ref(dayRange(serverNow() / 1000))
  const day = shallowRef<Day>(new Map())
  const loaded = ref(false)
  const problem = shallowRef<ApiProblem | null>(null)
  const starts = computed(() => Array.from({ length: BUCKETS }, (_, i) => startAt(range.value, i)))
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort: AbortController | null = null
  let turns = 0

  async function read(buckets: number) {
    clearTimeout(timer)
    abort?.abort()
    const mine = (abort = new AbortController())
    const next = dayRange(serverNow() / 1000)
    try {
      const answer = await cloud.zoneFootfall(next.to - buckets * BUCKET_SECONDS, next.to, '15m', mine.signal)
      day.value = takeIn(day.value, answer, next.from)
      range.value = next
      loaded.value = true
      problem.value = null
    } catch (error) {
      if (mine.signal.aborted) return
      problem.value = error instanceof ApiProblem ? error : new ApiProblem(0, 'unreachable')
    }
    timer = setTimeout(() => void turn(), problem.value ? RETRY_MS : untilNextBucket(serverNow(), GRACE_MS))
  }

  const turn = () => read(problem.value || ++turns % 4 === 0 ? BUCKETS : REREAD_BUCKETS)
  const reload = () => read(BUCKETS)
  void reload()
  onScopeDispose(() => { clearTimeout(timer); abort?.abort() })

  return { range, day, starts, totals: computed(() => totals(day.value, starts.value)), loaded, problem, reload }
}
