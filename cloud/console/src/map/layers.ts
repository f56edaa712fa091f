import { computed, type ComputedRef, type Ref } from 'vue'

/** A layer that can be switched on and off. `shown`: what it is unless someone chose. */
export interface LayerChoice {
  id: string
  /** Resource key of its name. */
  label: string
  shown: boolean
}

export interface Layers {
  all: ComputedRef<readonly LayerChoice[]>
  shows(id: string): boolean
  toggle(id: string): void
}

/** Which layers are shown: as the address says, else as each begins. */
export function useLayers(all: ComputedRef<readonly LayerChoice[]>, chosen: Ref<readonly string[] | null>): Layers {
  const initial = computed(() => all.value.filter(layer => layer.shown).map(layer => layer.id))
  const shown = computed(() => new Set(chosen.value ?? initial.value))
  return {
    all,
    shows: id => shown.value.has(id),
    toggle(id) {
      const next = all.value.map(layer => layer.id).filter(other => (other === id ? !shown.value.has(id) : shown.value.has(other)))
      chosen.value = next.join() === initial.value.join() ? null : next
    },
  }
}
