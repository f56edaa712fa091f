import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { serverNow } from '../api/client'
import { cloud } from '../api/cloud'
import type { LineFootfall } from '../api/types'
import { sumKnown } from '../footfall/numbers'

/** People a minute each way through a line; null: not known. */
export interface Rate { in: number | null; out: number | null }

const EVERY_MS = 15_000
const REST_MS = 300
const WINDOW_SECONDS = 900

/** The mean over what an answer spans; unplaced people passed in it, too. */
export function ratesOf(answer: LineFootfall): Map<string, Rate> {
  const mean = (...counts: (readonly (number | null)[])[]) => {
    const placed = counts[0]!
    const known = placed.filter(n => n != null).length
    const sum = sumKnown(counts.flat())
    return sum == null || !known ? null : sum / ((known * answer.bucketSeconds) / 60)
  }
  return new Map(answer.lines.map(line => [line.line, { in: mean(line.entries, line.unplacedEntries), out: mean(line.exits, line.unplacedExits) }]))
}

const bucketOf = ({ start, end }: { start: number; end: number }) => (end - start <= 60 ? '1m' : end - start <= 900 ? '15m' : '1h')

/** What passes through each line: over the last 15 minutes, or in the window on screen. Read only while it is shown. */
export function useRates(wanted: Ref<boolean>, window: Ref<{ start: number; end: number } | null>): ShallowRef<Map<string, Rate>> {
  const rates = shallowRef<Map<string, Rate>>(new Map())
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort: AbortController | null = null

  async function read() {
    abort?.abort()
    const mine = (abort = new AbortController())
    const chosen = window.value
    const now = Math.floor(serverNow() / 60_000) * 60
    try {
      const answer = chosen ? await cloud.lineFootfall(chosen.start, chosen.end, bucketOf(chosen), mine.signal) : await cloud.lineFootfall(now - WINDOW_SECONDS, now, '1m', mine.signal)
      if (!mine.signal.aborted) rates.value = ratesOf(answer)
    } catch {
      // What is not known is not written.
      if (!mine.signal.aborted) rates.value = new Map()
    }
    if (!mine.signal.aborted && !chosen) timer = setTimeout(() => void read(), EVERY_MS)
  }
  watch([wanted, window], ([want, chosen], before) => {
    clearTimeout(timer)
    abort?.abort()
    if (chosen?.start !== before?.[1]?.start) rates.value = new Map()
    if (want) timer = setTimeout(() => void read(), REST_MS)
  }, { immediate: true })
  onScopeDispose(() => { clearTimeout(timer); abort?.abort() })
  return rates
}
