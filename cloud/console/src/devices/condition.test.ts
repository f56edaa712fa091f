import { describe, expect, it } from 'vitest'
import { toldOf } from './condition'

const battery = { percent: 12, volts: null, at: 1, low: true, stale: false }
const firmware = { version: 'v1.10', since: 1 }

describe('what a device tells of itself', () => {
  it.each([
    [{ tells: ['battery', 'firmware'], battery, firmware }, 'told', 'told'],
    [{ tells: ['battery'], battery: null, firmware: null }, 'waiting', 'na'],
    [{ tells: [], battery: null, firmware: null }, 'na', 'na'],
    [{ tells: null, battery: null, firmware: null }, 'unknown', 'unknown'],
    // a gateway that told before its profile was changed
    [{ tells: [], battery, firmware: null }, 'told', 'na'],
  ])('%o', (device, ofBattery, ofFirmware) => {
    expect([toldOf(device, 'battery'), toldOf(device, 'firmware')]).toEqual([ofBattery, ofFirmware])
  })
})
