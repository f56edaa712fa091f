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

export const palettes: Record<Theme, Palette> = {
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
