import type { ZoneNumbers } from './numbers'

/** Numbers for tests: complete, unless told otherwise. */
export const someNumbers = (over: Partial<ZoneNumbers> = {}): ZoneNumbers => ({
  start: 1_781_265_600, end: 1_781_266_500,
  entries: 12, exits: 9, occupancy: 40, occupancyStatus: 'complete', occupancyDrift: 0,
  unplacedEntries: 0, unplacedExits: 0, expected: 15, received: 15,
  status: 'complete', revision: 7, minute: null, lagMs: null,
  ...over,
})
