import { computed, nextTick, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'

/** The rows of a long list that are on screen, and the one that the keyboard is at. */
export interface Rows<T> {
  shown: ComputedRef<{ row: T; index: number }[]>
  /** Index of the row that Tab leads to. */
  focused: Ref<number>
  /** For the scroller's `scroll`. */
  scrolled(): void
  /** For the scroller's `keydown`: arrows, Page up and down, Home and End. */
  move(event: KeyboardEvent): Promise<void>
}

const PAGE = 8

/**
 * However long a list is, only the rows on screen are in the document. What a row focuses carries its index as `data-index`.
 * `rowHeight` in px; `spare`: rows beyond either edge.
 */
export function useRows<T>(rows: () => readonly T[], scroller: Readonly<Ref<HTMLElement | null>>, rowHeight: number, spare: number): Rows<T> {
  const top = ref(0)
  const height = ref(800)
  const focused = ref(0)
  const shown = computed(() => {
    const first = Math.max(0, Math.floor(top.value / rowHeight) - spare)
    return rows().slice(first, first + Math.ceil(height.value / rowHeight) + 2 * spare).map((row, i) => ({ row, index: first + i }))
  })

  const resize = new ResizeObserver(([entry]) => { if (entry) height.value = entry.contentRect.height })
  watch(scroller, element => { resize.disconnect(); if (element) resize.observe(element) })
  onScopeDispose(() => resize.disconnect())

  const scrolled = () => { top.value = scroller.value!.scrollTop }

  async function move(event: KeyboardEvent) {
    const count = rows().length
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -count, End: count }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    focused.value = Math.min(count - 1, Math.max(0, focused.value + step))
    const element = scroller.value!
    const at = focused.value * rowHeight
    if (at < element.scrollTop) element.scrollTop = at
    else if (at + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = at + rowHeight - element.clientHeight
    scrolled()
    await nextTick()
    element.querySelector<HTMLElement>(`[data-index="${focused.value}"]`)?.focus()
  }

  return { shown, focused, scrolled, move }
}
