import { onScopeDispose } from 'vue'

/** Runs something at most once in a time, ms: whoever asks meanwhile is served at its end, so that the last word is never left out. */
export function paced(run: () => void, everyMs: number): () => void {
  let ranAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined
      ranAt = performance.now()
      run()
    }, Math.max(0, ranAt + everyMs - performance.now()))
  }
}
