import { ref } from 'vue'

const KEY = 'smartdistrict.alarmSound'

/** Off until somebody wants it: a wall of screens would not be heard through otherwise. */
export const soundOn = ref(localStorage.getItem(KEY) === 'on')

let context: AudioContext | null = null

/** Two short tones; higher where it is critical. Silent where the browser has no sound, or not yet. */
export function chime(critical: boolean) {
  if (typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  void context.resume()
  const pitch = critical ? 880 : 587
  for (const [at, of] of [[0, 1], [0.18, 1.335]] as const) {
    const [tone, volume] = [context.createOscillator(), context.createGain()]
    const start = context.currentTime + at
    tone.frequency.value = pitch * of
    volume.gain.setValueAtTime(0.0001, start)
    volume.gain.exponentialRampToValueAtTime(0.16, start + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.16)
    tone.connect(volume).connect(context.destination)
    tone.start(start)
    tone.stop(start + 0.17)
  }
}

/** Called by a person's click, which is when a browser allows sound. */
export function toggleSound() {
  soundOn.value = !soundOn.value
  if (soundOn.value) {
    localStorage.setItem(KEY, 'on')
    chime(false)
  } else localStorage.removeItem(KEY)
}
