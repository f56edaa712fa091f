import { describe, expect, it } from 'vitest'
import type { Branch, Completeness, Device } from './cloud'
import { filtered, percentOf, shareOf, standingOf } from './tree'

const device = (id: string, more: Partial<Device> = {}): Device =>
  ({ id, kind: 'counter', gateway: 'gw-1', profile: 'native', lines: [{ id: `ln-${id}`, name: { zh: '北门', en: 'North gate' } }], state: 'live', sensor: 'ok', ...more }) as Device
const branch = (id: string, ...devices: Device[]) => ({ gateway: { id, name: { zh: '一号', en: 'First' } }, devices }) as Branch
const told = (expected: number | null, received: number) => ({ expected, received }) as Completeness

describe('how a device stands', () => {
  it.each([
    ['live', 'ok', 'live'],
    ['live', null, 'live'],
    ['live', 'unknown', 'live'],
    ['live', 'stuck', 'doubtful'],
    ['silent', 'stuck', 'silent'],
    ['unknown', null, 'unknown'],
  ] as const)('%s with counts that are %s is %s', (state, sensor, standing) => {
    expect(standingOf({ state, sensor })).toBe(standing)
  })
})

describe('the filter', () => {
  const tree = [branch('gw-1', device('cam-1'), device('cam-2', { state: 'silent' })), branch('gw-2', device('beam-1', { profile: 'dual-beam', battery: { percent: 9, volts: null, at: 1, low: true, stale: false } }))]
  const ids = (filter: { state: string; find: string }) => filtered(tree, filter).map(({ gateway, devices }) => [gateway.id, ...devices.map(each => each.id)])

  it('without anything leaves all, gateways without devices too', () => {
    expect(filtered([...tree, branch('gw-3')], { state: '', find: '' })).toHaveLength(3)
  })
  it.each([
    [{ state: 'silent', find: '' }, [['gw-1', 'cam-2']]],
    [{ state: '', find: 'DUAL' }, [['gw-2', 'beam-1']]],
    [{ state: '', find: '北门' }, [['gw-1', 'cam-1', 'cam-2'], ['gw-2', 'beam-1']]],
    [{ state: '', find: 'gw-1' }, [['gw-1', 'cam-1', 'cam-2']]],
    [{ state: 'silent', find: 'gw-1' }, [['gw-1', 'cam-2']]],
    [{ state: 'doubtful', find: '' }, []],
    [{ state: 'low', find: '' }, [['gw-2', 'beam-1']]],
  ])('%o', (filter, found) => {
    expect(ids(filter)).toEqual(found)
  })
})

describe('completeness', () => {
  it('is not known where nobody knows what should have come', () => {
    expect([shareOf(null), shareOf(told(null, 5)), shareOf(told(0, 0))]).toEqual([null, null, null])
  })
  it('is never rounded up to all', () => {
    expect(percentOf(shareOf(told(100_000, 99_999))!)).toBe(99.9)
    expect(percentOf(shareOf(told(3, 3))!)).toBe(100)
  })
})
