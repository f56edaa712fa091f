import { mount } from '@vue/test-utils'
import { shallowRef } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import type { LineCollection, LineProperties } from '../api/types'
import { frameKey, type Frame } from '../frame/frame'
import { chooseLanguage, i18n } from '../locales/i18n'
import { calibratedAt } from './calibration'
import { someNumbers } from './testing'
import TrustButton from './TrustButton.vue'
import ZonePanel from './ZonePanel.vue'

const day = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000
const line = (id: string, joins: LineProperties['joins'], calibration: LineProperties['calibration']) => ({
  type: 'Feature' as const, id, geometry: { type: 'LineString' as const, coordinates: [[0, 0], [1, 1]] },
  properties: { name: { zh: `门${id}`, en: `Gate ${id}` }, device: null, gateway: null, joins, calibration },
})
const since = (date: string) => ({ since: `${date}T00:00:00Z` })
const lines: LineCollection = {
  type: 'FeatureCollection',
  features: [
    line('a', [{ ...since('2026-01-01'), from: 'outside', to: 'plaza' }, { ...since('2026-03-01'), from: 'outside', to: 'hall' }],
      [{ ...since('2026-02-01'), entries: 1.08, exits: 1 }, { ...since('2026-04-01'), entries: 1, exits: 1 }]),
    line('b', [{ ...since('2026-01-01'), from: 'plaza', to: 'hall' }], []),
  ],
}

describe('the factors in force', () => {
  it.each([
    ['2026-01-15', 'plaza', 0], ['2026-02-15', 'plaza', 1], ['2026-02-15', 'hall', 0], ['2026-03-15', 'plaza', 0],
    ['2026-03-15', 'hall', 1], ['2026-03-15', null, 1], ['2026-04-15', 'hall', 0],
  ])('on %s of %s are %i', (date, zone, count) => expect(calibratedAt(lines, day(date), zone)).toHaveLength(count))
})

describe('a number as counted', () => {
  beforeEach(() => chooseLanguage('en'))
  const global = { plugins: [i18n], provide: { [frameKey as symbol]: { plan: shallowRef({ lines }) } as unknown as Frame } }

  it('says beside its trust that numbers and reports correct it, and by how much', async () => {
    const button = mount(TrustButton, { props: { trust: 'complete', of: 'Entries', zone: 'plaza', at: day('2026-02-15') }, global })
    expect(button.text()).toBe('Complete · as counted')
    await button.find('button').trigger('click')
    expect(button.find('.why').text()).toContain('Gate a')
    expect(button.find('.why').text()).toContain('entries × 1.08, exits × 1.00')
  })

  it('says nothing where no factor is in force', () =>
    expect(mount(TrustButton, { props: { trust: 'complete', of: 'Entries', zone: 'plaza', at: day('2026-01-15') }, global }).text()).toBe('Complete'))

  it('says so in the panel of a zone, at the time on screen', () => {
    const zone = { name: { zh: '厅', en: 'Hall' }, kind: 'hall', level: 0 }
    const panel = (date: string) => mount(ZonePanel, {
      props: { id: 'hall', zone, numbers: someNumbers({ start: day(date) }), day: [], mark: null, peak: null, context: {} }, global,
    }).text()
    expect(panel('2026-03-15')).toContain('Gate a')
    expect(panel('2026-02-15')).not.toContain('Gate a')
  })
})
