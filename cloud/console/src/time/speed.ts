import { STEP_SECONDS, type Step } from './buckets'

/** More pictures a second than this, and the eye follows none. */
export const MOST_FRAMES = 10
const ANYWHERE = [1, 10, 60, 120, 300, 600]
const FRAMES = [2, 5, MOST_FRAMES]

/** How many times faster than life: 1× to 600× of any range, and for long steps what makes 2, 5 and 10 of them a second. */
export function speedsFor(step: Step): number[] {
  return [...new Set([...ANYWHERE, ...FRAMES.map(frames => frames * STEP_SECONDS[step])])].sort((a, b) => a - b)
}

/** Two steps a second. */
export const firstSpeed = (step: Step) => 2 * STEP_SECONDS[step]

/** The nearest of the step's own speeds. */
export function speedNear(step: Step, wanted: number): number {
  return speedsFor(step).reduce((best, speed) => (Math.abs(Math.log(speed / wanted)) < Math.abs(Math.log(best / wanted)) ? speed : best))
}

/** Milliseconds that a step of this length stays on screen. */
export const frameMs = (step: Step, speed: number) => (STEP_SECONDS[step] / speed) * 1000

/** A speed as time per second of watching, in the largest unit that is whole. */
export function rateOf(speed: number): { n: number; unit: 'second' | 'minute' | 'hour' | 'day' } {
  if (speed % 86_400 === 0) return { n: speed / 86_400, unit: 'day' }
  if (speed % 3600 === 0) return { n: speed / 3600, unit: 'hour' }
  if (speed % 60 === 0) return { n: speed / 60, unit: 'minute' }
  return { n: speed, unit: 'second' }
}
