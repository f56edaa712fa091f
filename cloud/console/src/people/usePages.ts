import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { useAnswer, type Answer } from '../api/useAnswer'

export interface Pages<T> {
  /** The first page; a new question begins anew. */
  answer: Answer<{ items: T[]; next: string | number | null }>
  items: ComputedRef<T[]>
  /** Whether there are more than are shown. */
  more: ComputedRef<boolean>
  busy: Ref<boolean>
  problem: Ref<unknown>
  /** Adds the next page to those that are shown. */
  next(): Promise<void>
}

/** A list that comes in pages: the first by itself, the others when they are asked for. */
export function usePages<T, C extends string | number>(ask: (cursor: C | null, signal?: AbortSignal) => Promise<{ items: T[]; next: C | null }>): Pages<T> {
  const answer = useAnswer(signal => ask(null, signal))
  const later = shallowRef<T[]>([])
  const cursor = shallowRef<C | null>(null)
  const busy = ref(false)
  const problem = ref<unknown>(null)
  watch(answer.value, first => {
    later.value = []
    cursor.value = first?.next ?? null
    problem.value = null
  })

  async function next() {
    const from = cursor.value
    if (from == null || busy.value) return
    busy.value = true
    problem.value = null
    try {
      const page = await ask(from)
      // A new question has come in between: this page belongs to the old one.
      if (cursor.value !== from) return
      later.value = [...later.value, ...page.items]
      cursor.value = page.next
    } catch (error) {
      problem.value = error
    } finally {
      busy.value = false
    }
  }

  const items = computed(() => [...(answer.value.value?.items ?? []), ...later.value])
  return { answer, items, more: computed(() => cursor.value != null), busy, problem, next }
}
