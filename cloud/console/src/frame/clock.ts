import { onScopeDispose, readonly, ref, type Ref } from 'vue'
import { serverNow } from '../api/client'

/** The server's time in unix seconds, ticking each second. */
export function useClock(): Readonly<Ref<number>> {
  const now = ref(Math.floor(serverNow() / 1000))
  const timer = setInterval(() => { now.value = Math.floor(serverNow() / 1000) }, 1000)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}
