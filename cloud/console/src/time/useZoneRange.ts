import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { cloud } from '../api/cloud'
import { countOf, type Range } from './range'
import { emptySeries, partsOf, takeIn, type Series } from './totals'

/** A zone's entries over the range; empty until they have come, and where they cannot be read. */
export function useZoneRange(range: Ref<Range>, zone: Ref<string | null>, lines: number): ShallowRef<Series> {
  const series = shallowRef<Series>(emptySeries(0))
  let abort: AbortController | null = null
  watch([range, zone], async ([shown, id], [, before]) => {
    abort?.abort()
    const mine = (abort = new AbortController())
    if (id !== before || series.value.values.length !== countOf(shown)) series.value = emptySeries(id == null ? 0 : countOf(shown))
    if (id == null) return
    for (const part of partsOf(shown.buckets, shown.first, shown.end, lines, 1)) {
      const answer = await cloud.total('entries', shown.buckets.startOf(part.first), shown.buckets.startOf(part.end), shown.buckets.step, id, mine.signal).catch(() => null)
      // The map says what is wrong; a second message about the same would help nobody.
      if (!answer || mine.signal.aborted) return
      series.value = takeIn(series.value, shown.buckets, shown.first, answer)
    }
  }, { immediate: true })
  onScopeDispose(() => abort?.abort())
  return series
}
