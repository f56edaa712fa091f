import { mount } from '@vue/test-utils'
import { nextTick, shallowRef } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import type { LineCollection, LineProperties } from '../api/types'
import { frameKey, type Frame } from '../frame/frame'
import { chooseLanguage, i18n } from '../locales/i18n'
import { calibratedAt } from './calibration'
import MapTooltip from '../map/MapTooltip.vue'
import { scaleFor } from './scale'
import { someNumbers } from './testing'
import TrustButton from './TrustButton.vue'
import ZoneList from './ZoneList.vue'
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

  it.each([
    ['2026-01-15', '2026-02-01', 'plaza', 0], ['2026-01-15', '2026-02-02', 'plaza', 1], ['2026-02-15', '2026-05-01', 'plaza', 1],
    ['2026-03-01', '2026-05-01', 'plaza', 0], ['2026-03-31', '2026-05-01', 'hall', 1], ['2026-04-01', '2026-05-01', 'hall', 0], ['2026-01-01', '2026-05-01', ['hall', 'plaza'], 1],
  ])('from %s to %s of %s are %i: the line may move meanwhile, and a factor end', (from, until, zone, count) => expect(calibratedAt(lines, day(from), zone, day(until))).toHaveLength(count))
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

  it('is marked in the list of zones and beside the pointer', () => {
    const numbers = someNumbers({ start: day('2026-02-15'), end: day('2026-02-15') + 900 })
    const list = mount(ZoneList, {
      props: { zones: ['plaza', 'hall'].map(id => ({ id, name: id, kind: 'hall' })), numbersOf: () => numbers, valueOf: () => 1, shadeOf: () => 1 as const, scale: scaleFor(10), selected: null }, global,
    })
    const rows = Object.fromEntries(list.findAll('li').map(row => [row.find('.name').text(), row.find('.badge').attributes('aria-label')]))
    expect(rows).toEqual({ plaza: 'Complete · as counted', hall: 'Complete' })
    const tooltip = (zone: string) => mount(MapTooltip, { props: { zone, name: zone, numbers, value: 1, measure: 'footfall', pixel: [0, 0], room: { width: 500, height: 500 } }, global }).find('.badge').text()
    expect([tooltip('plaza'), tooltip('hall')]).toEqual(['Complete · as counted', 'Complete'])
  })

  it('takes in a factor that was set while the page is open', async () => {
    const plan = shallowRef({ lines: { ...lines, features: [] as LineCollection['features'] } })
    const button = mount(TrustButton, { props: { trust: 'complete', of: 'Entries', zone: 'plaza', at: day('2026-02-15') }, global: { ...global, provide: { [frameKey as symbol]: { plan } as unknown as Frame } } })
    expect(button.text()).toBe('Complete')
    plan.value = { lines }
    await nextTick()
    expect(button.text()).toBe('Complete · as counted')
  })

  it('says so in the panel of a zone, at the time on screen', () => {
    const zone = { name: { zh: '厅', en: 'Hall' }, kind: 'hall', level: 0 }
    const panel = (date: string) => mount(ZonePanel, {
      props: { id: 'hall', zone, numbers: someNumbers({ start: day(date), end: day(date) + 900 }), day: [], mark: null, peak: null, context: {} }, global,
    }).text()
    expect(panel('2026-03-15')).toContain('Gate a')
    expect(panel('2026-02-15')).not.toContain('Gate a')
  })
})
