import { computed, ref, watchEffect } from 'vue'

export type Theme = 'light' | 'dark'
export type ThemeChoice = Theme | 'system'

const KEY = 'smartdistrict.theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
system.addEventListener('change', event => { systemDark.value = event.matches })

const stored = localStorage.getItem(KEY)
export const themeChoice = ref<ThemeChoice>(stored === 'light' || stored === 'dark' ? stored : 'system')
export const theme = computed<Theme>(() => (themeChoice.value === 'system' ? (systemDark.value ? 'dark' : 'light') : themeChoice.value))

export function chooseTheme(choice: ThemeChoice) {
  themeChoice.value = choice
  if (choice === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, choice)
}

/** Element Plus reads the class, our own styles the attribute. */
export function applyTheme() {
  watchEffect(() => {
    const root = document.documentElement
    root.dataset.theme = theme.value
    root.classList.toggle('dark', theme.value === 'dark')
  })
}
