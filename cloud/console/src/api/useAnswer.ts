import { onScopeDispose, readonly, ref, shallowReadonly, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { serverNow } from './client'
import { ApiProblem, unreachable } from './problem'

/** What a page asks the cloud for, and how it stands with that. */
export interface Answer<T> {
  /** The last answer; it stays while a newer one is on its way or fails. */
  value: Readonly<ShallowRef<T | null>>
  /** Why there is no newer answer. */
  problem: Readonly<ShallowRef<ApiProblem | null>>
  busy: Readonly<Ref<boolean>>
  /** When the answer came, in unix seconds. */
  readAt: Readonly<Ref<number | null>>
  again(): Promise<void>
}

const RETRY_MS = 15_000

/**
 * Asks now, whenever something changes that `ask` reads before its first `await`, every `everyMs` if given, and, after a
 * failure that may pass by itself, again shortly. A newer question aborts the one before. What does not pass (a 4xx) waits
 * for another question.
 */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, everyMs?: number): Answer<T> {
  const value = shallowRef<T | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const busy = ref(false)
  const readAt = ref<number | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort: AbortController | null = null

  function begin(): [Promise<T>, AbortController] {
    clearTimeout(timer)
    abort?.abort()
    const mine = (abort = new AbortController())
    return [ask(mine.signal), mine]
  }

  async function settle([asked, mine]: [Promise<T>, AbortController]) {
    busy.value = true
    let next = everyMs
    let fault: unknown = null
    try {
      const answer = await asked
      if (mine.signal.aborted) return
      value.value = answer
      problem.value = null
      readAt.value = Math.floor(serverNow() / 1000)
    } catch (error) {
      if (mine.signal.aborted) return
      problem.value = error instanceof ApiProblem ? error : unreachable()
      if (problem.value.status === 0 || problem.value.status >= 500) next = RETRY_MS
      if (!(error instanceof ApiProblem)) fault = error
    }
    busy.value = false
    if (next != null) timer = setTimeout(() => void again(), next)
    if (fault) throw fault
  }

  const again = () => settle(begin())
  watch(begin, settle, { immediate: true })
  onScopeDispose(() => { clearTimeout(timer); abort?.abort() })
  return { value: shallowReadonly(value), problem: shallowReadonly(problem), busy: readonly(busy), readAt: readonly(readAt), again }
}
