import type { Device } from './cloud'

/** What a device can tell of itself. */
export type Of = 'battery' | 'firmware'

/** Whether it told: it did; its model does not (na); it has not yet (waiting); or nobody said whether it does (unknown). */
export type Told = 'told' | 'na' | 'waiting' | 'unknown'

export const toldOf = (device: Pick<Device, Of | 'tells'>, of: Of): Told =>
  device[of] != null ? 'told' : device.tells == null ? 'unknown' : device.tells.includes(of) ? 'waiting' : 'na'
