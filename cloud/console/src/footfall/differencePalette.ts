import type { Theme } from '../frame/theme'
import { palettes, type Palette } from './palette'

/**
 * Diverging fills of a difference: far fewer (purple), about the same, far more (green). Lightness runs the same way to
 * both sides, and purple and green stay apart for every kind of colour blindness.
 */
export const diverging: Record<Theme, Pick<Palette, 'classes' | 'ink'>> = {
  light: {
    classes: ['#5b2a86', '#9b72c4', '#d3bce8', '#eceff0', '#b3e0c4', '#489e6c', '#0f5f3a'],
    ink: ['#ffffff', '#16091f', '#2c1740', '#3c4a55', '#10331f', '#04170c', '#ffffff'],
  },
  dark: {
    classes: ['#dcb8ff', '#9f6fd3', '#513a78', '#1c2a35', '#1c5a3a', '#35a068', '#9df0ba'],
    ink: ['#220a38', '#150425', '#f1e6ff', '#a9b8c4', '#dcf7e6', '#03150b', '#06301a'],
  },
}

/** The ground's own colours with the fills of a difference. */
export const differencePalette = (theme: Theme): Palette => ({ ...palettes[theme], ...diverging[theme] })
