import { useRoute, useRouter } from 'vue-router'

/** Dragging must not flood the browser's history: the address follows when things rest. */
const REST_MS = 250
let pending: Record<string, string | null> = {}
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Writes what a link shall keep into the address's query; null takes a key out. Whatever several parts of a page write
 * while one of them moves goes out together. What was written for a page is dropped when another page has come.
 */
export function useQueryWriter(page: string): (keys: Record<string, string | null>) => void {
  const route = useRoute()
  const router = useRouter()
  return keys => {
    Object.assign(pending, keys)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const written = pending
      pending = {}
      if (route.name !== page) return
      const query = Object.entries({ ...route.query, ...written }).filter(([, value]) => value != null)
      void router.replace({ query: Object.fromEntries(query) })
    }, REST_MS)
  }
}
