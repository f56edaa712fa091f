import { ref, type Ref } from 'vue'

/** What somebody does in the cloud, and how it stands with that. */
export interface Act {
  busy: Ref<boolean>
  /** What went wrong with the last one; null where nothing did. */
  problem: Ref<unknown>
  /** Does it, and tells whether it succeeded. */
  act(what: () => Promise<unknown>): Promise<boolean>
}

/** `then`: belongs to each act, such as asking anew for what it has changed. */
export function useAct(then?: () => unknown): Act {
  const busy = ref(false)
  const problem = ref<unknown>(null)

  async function act(what: () => Promise<unknown>) {
    problem.value = null
    busy.value = true
    try {
      await what()
      await then?.()
      return true
    } catch (error) {
      problem.value = error
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, act }
}
