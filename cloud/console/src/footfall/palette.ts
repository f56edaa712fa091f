import { ref } from 'vue'
import type { Theme } from '../frame/theme'

/**
 * Sequential fills by class, nobody first. Lightness runs one way (down on light ground, up on dark), so order survives
 * every kind of colour blindness and a grey print. No warm hue: those are kept for selection, trust and alarms.
 */
export interface Palette {
  readonly classes: readonly string[]
  /** Text on each class, contrast at least 4.5:1. */
  readonly ink: readonly string[]
  readonly noData: { ground: string; stripe: string; ink: string }
  readonly outline: string
  readonly selected: string
  readonly hovered: string
  readonly line: string
  readonly ground: string
  readonly plate: string
  readonly plateEdge: string
}

const sea: Record<Theme, Palette> = {
  light: {
    classes: ['#e9eff0', '#c1e1d7', '#8ecbc2', '#429ea8', '#1f7c9c', '#1e5489', '#1d2f6b'],
    ink: ['#3c4a55', '#17363a', '#0f3236', '#06282d', '#ffffff', '#ffffff', '#ffffff'],
    noData: { ground: '#f6f7f8', stripe: '#bcc6cd', ink: '#55636e' },
    outline: '#ffffff',
    selected: '#b83a08',
    hovered: '#16212b',
    line: '#566772',
    ground: '#e4e9ec',
    plate: '#fafbfb',
    plateEdge: '#d3dade',
  },
  dark: {
    classes: ['#1c2a35', '#183f52', '#175a70', '#1d7c87', '#46a58f', '#97cd8b', '#f3f0a1'],
    ink: ['#a9b8c4', '#cfe3ea', '#e3f2f5', '#ffffff', '#04211d', '#0a2a16', '#2b2c05'],
    noData: { ground: '#121a22', stripe: '#34424e', ink: '#94a3af' },
    outline: '#111b24',
    selected: '#ffa94d',
    hovered: '#f1f5f8',
    line: '#8a9cab',
    ground: '#0b1118',
    plate: '#111b24',
    plateEdge: '#22303c',
  },
}

/** A ground's other colours stay; only the classes and the words on them change. */
function scheme(light: string[], dark: string[]): Record<Theme, Palette> {
  return {
    light: { ...sea.light, classes: light, ink: light.map(inkOn) },
    dark: { ...sea.dark, classes: dark, ink: dark.map(inkOn) },
  }
}

const channel = (hex: string, i: number) => {
  const c = parseInt(hex.slice(i, i + 2), 16) / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
}
/** Black or white, whichever reads better (WCAG relative luminance). */
const inkOn = (hex: string) => (0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5) > 0.179 ? '#0a1a1e' : '#ffffff')

export const SCHEMES = ['sea', 'cividis', 'violet', 'grey'] as const
export type Scheme = (typeof SCHEMES)[number]

/** Each is told apart by every kind of eyes; which one is read best is for the one who looks to say. */
export const schemes: Record<Scheme, Record<Theme, Palette>> = {
  sea,
  // Blue to yellow, after the map of that name made for colour-blind readers.
  cividis: scheme(
    ['#f2f2ea', '#f0dd83', '#d3c067', '#9a926c', '#717274', '#3c4d6e', '#00224e'],
    ['#1a222c', '#173462', '#434e6c', '#676a72', '#938f75', '#c4b56a', '#fee838'],
  ),
  violet: scheme(
    ['#efeff3', '#d9d6ec', '#c0bde2', '#918bc6', '#7863b0', '#5a3a8e', '#330f5c'],
    ['#1e2230', '#352f5e', '#4f3f86', '#6f5aa8', '#957fc4', '#bcaedf', '#efe9fa'],
  ),
  grey: scheme(
    ['#f0f1f2', '#d5d8da', '#bbc0c3', '#8c9296', '#6c7377', '#474e52', '#1c2226'],
    ['#1b242c', '#333d45', '#4d5860', '#6b767e', '#8e989f', '#b8c0c5', '#eef1f3'],
  ),
}

const KEY = 'smartdistrict.palette'
const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY)
export const chosenScheme = ref<Scheme>(SCHEMES.includes(stored as Scheme) ? (stored as Scheme) : 'sea')

export function chooseScheme(scheme: Scheme) {
  chosenScheme.value = scheme
  if (scheme === 'sea') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, scheme)
}

/** The colours that were chosen, for the light and the dark ground. */
export const palettes: Readonly<Record<Theme, Palette>> = {
  get light() { return schemes[chosenScheme.value].light },
  get dark() { return schemes[chosenScheme.value].dark },
}
