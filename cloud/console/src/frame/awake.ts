import { onScopeDispose } from 'vue'

/** Whether this browser can be asked to keep its screen on: only from HTTPS or from the machine itself. */
export const canStayAwake = 'wakeLock' in navigator

/** Keeps the screen on as long as the page is in sight; the browser lets go of it whenever the page is hidden. */
export function useAwake() {
  let lock: WakeLockSentinel | null = null
  let gone = false

  async function ask() {
    if (document.visibilityState !== 'visible') return
    // Refused on low battery, say: then the screen does as it is set.
    const got = await navigator.wakeLock.request('screen').catch(() => null)
    if (gone) await got?.release()
    else lock = got
  }

  if (!canStayAwake) return
  void ask()
  document.addEventListener('visibilitychange', ask)
  onScopeDispose(() => {
    gone = true
    document.removeEventListener('visibilitychange', ask)
    void lock?.release()
  })
}
