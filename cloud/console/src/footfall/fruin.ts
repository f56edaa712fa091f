/**
 * Levels of service for walkways by J. J. Fruin, "Pedestrian Planning and Design" (1971), in people per m²: level A below the first
 * limit, F from the last on. The Highway Capacity Manual's table differs, so whoever shows a level names this one.
 */
export const FRUIN_LIMITS = [0.31, 0.43, 0.72, 1.08, 2.15] as const
export type FruinLevel = 'A' | 'B' | 'C' | 'D' | 'E' | 'F'

/** People per m² of a moving crowd: bodies touch, then it becomes dangerous. A standing crowd does from 7.1 on. */
export const DANGER = { touch: 3.57, moving: 5.55, standing: 7.1 } as const

export function fruinLevel(density: number): FruinLevel {
  const index = FRUIN_LIMITS.findIndex(limit => density < limit)
  return 'ABCDEF'[index < 0 ? FRUIN_LIMITS.length : index] as FruinLevel
}
