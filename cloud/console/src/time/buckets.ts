import type { DistrictTime } from './districtTime'

export const STEPS = ['1m', '15m', '1h', '1d'] as const
/** Length of a bucket; 1d is a business day, which has 23 to 25 hours. */
export type Step = (typeof STEPS)[number]

export const STEP_SECONDS: Record<Step, number> = { '1m': 60, '15m': 900, '1h': 3600, '1d': 86_400 }

/** All buckets of a length, numbered through all time: bucket i ends where bucket i + 1 begins. */
export interface Buckets {
  readonly step: Step
  startOf(index: number): number
  /** The bucket that holds an instant. */
  indexOf(instant: number): number
}

export function bucketsOf(step: Step, time: DistrictTime): Buckets {
  if (step === '1d') return { step, startOf: index => time.startOfDay(index), indexOf: instant => time.dateAt(instant) }
  const seconds = STEP_SECONDS[step]
  return { step, startOf: index => index * seconds, indexOf: instant => Math.floor(instant / seconds) }
}
