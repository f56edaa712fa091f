import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { cloud } from '../api/cloud'
import type { DistrictTime } from './districtTime'
import { countOf, type Range } from './range'
import { referencesOf, type Comparison } from './shift'
import { partsOf } from './totals'

/** Runs of whole numbers, as [first, end); a gap of a few is read along. */
const GAP = 8
export function runsOf(indexes: Iterable<number>): { first: number; end: number }[] {
  const runs: { first: number; end: number }[] = []
  for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && index <= last.end + GAP) last.end = index + 1
    else runs.push({ first: index, end: index + 1 })
  }
  return runs
}

const known = (n: number | null | undefined): n is number => n != null

/** What the range's sums are compared with, bucket by bucket; null without a comparison. It stays empty where it cannot be read. */
export function useComparisonTotals(
  range: Ref<Range>, comparison: Ref<Comparison | null>, time: DistrictTime, lines: number, zones: number,
): ShallowRef<readonly (number | null)[] | null> {
  const totals = shallowRef<readonly (number | null)[] | null>(null)
  let abort: AbortController | null = null
  let sums = new Map<number, number | null>()
  let of = ''
  watch([range, comparison], async ([shown, wanted]) => {
    abort?.abort()
    const mine = (abort = new AbortController())
    if (!wanted) {
      totals.value = null
      return
    }
    const key = `${shown.buckets.step} ${wanted}`
    if (key !== of) [of, sums] = [key, new Map()]
    const references = Array.from({ length: countOf(shown) }, (_, i) => referencesOf(wanted, shown.buckets, time, shown.first + i))
    const lay = () => {
      totals.value = references.map(buckets => {
        const values = buckets.map(bucket => (bucket == null ? null : sums.get(bucket))).filter(known)
        return values.length ? values.reduce((a, b) => a + b, 0) / values.length : null
      })
    }
    lay()
    const now = shown.end + 1
    for (const run of runsOf(references.flat().filter(known).filter(bucket => !sums.has(bucket) && bucket < now))) {
      for (const part of partsOf(shown.buckets, run.first, run.end, lines, zones)) {
        const { buckets } = shown
        const answer = await cloud.total('entries', buckets.startOf(part.first), buckets.startOf(part.end), buckets.step, null, mine.signal).catch(() => null)
        if (mine.signal.aborted) return
        if (!answer) continue
        answer.values.forEach((value, i) => sums.set(buckets.indexOf(answer.starts[i]!), value))
        lay()
      }
    }
  }, { immediate: true })
  onScopeDispose(() => abort?.abort())
  return totals
}
