import { onScopeDispose } from 'vue'

/** Things that have a use of their own for the space bar or the arrows. */
const TAKES_SPACE = 'button, a, input, select, textarea, summary, [contenteditable], [role="dialog"] *'
const TAKES_ARROWS = 'input, select, textarea, [contenteditable], [role="application"], [role="dialog"] *, [role="group"] *, li *, .scroller, [tabindex]'

/** The replay's keys wherever the focus is, unless what has it needs them: space plays, arrows step (with shift by ten). */
export function useReplayKeys(act: { toggle(): void; stepBy(steps: number): void }) {
  function press(event: KeyboardEvent) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target instanceof Element ? event.target : document.body
    if (event.key === ' ' && !target.matches(TAKES_SPACE)) act.toggle()
    else if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && (target.matches('.timebar *') ? !target.matches('input, select') : !target.matches(TAKES_ARROWS))) {
      act.stepBy((event.key === 'ArrowLeft' ? -1 : 1) * (event.shiftKey ? 10 : 1))
    } else return
    event.preventDefault()
  }
  window.addEventListener('keydown', press)
  onScopeDispose(() => window.removeEventListener('keydown', press))
}
