import { mount } from '@vue/test-utils'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import { chooseLanguage, i18n } from '../locales/i18n'
import HeadlineNumbers from './HeadlineNumbers.vue'
import { scaleFor } from './scale'
import { someNumbers } from './testing'
import TrustBadge from './TrustBadge.vue'
import ZoneList from './ZoneList.vue'
import ZonePanel from './ZonePanel.vue'

const global = { plugins: [i18n] }
beforeEach(() => chooseLanguage('en'))

describe('TrustBadge', () => {
  it('says its word even where only the shape is shown', () => {
    const badge = mount(TrustBadge, { props: { trust: 'partial', compact: true }, global })
    expect([badge.attributes('role'), badge.attributes('aria-label')]).toEqual(['img', 'Partial'])
    expect(badge.attributes('title')).toBe('Partial')
  })

  it('speaks the language on screen', async () => {
    const badge = mount(TrustBadge, { props: { trust: 'repaired' }, global })
    chooseLanguage('zh')
    await nextTick()
    expect(badge.text()).toBe('已修正')
  })
})

describe('HeadlineNumbers', () => {
  it('says n/a, not 0, where nobody can know', () => {
    const headline = { people: null, peopleZones: 0, peopleTrust: 'none' as const, entries: null, entriesTrust: 'none' as const, withData: 0, zones: 3 }
    const text = mount(HeadlineNumbers, { props: { headline, replaying: false, unit: '15m' as const, stale: false }, global }).text()
    expect(text).toContain('n/a')
    expect(text).not.toMatch(/Here now\s*0/)
    expect(text).toContain('3 without data')
  })

  it('says how many zones the number of people covers', () => {
    const headline = { people: 1234, peopleZones: 2, peopleTrust: 'stale' as const, entries: 10, entriesTrust: 'complete' as const, withData: 3, zones: 3 }
    const view = mount(HeadlineNumbers, { props: { headline, replaying: true, unit: '15m' as const, stale: false }, global })
    const text = view.text()
    expect(text).toContain('1,234')
    expect(text).toContain('Here then')
    expect(text).toContain('known for 2 of 3 zones')
    expect(view.find('.badge').attributes('aria-label')).toBe('Stale')
  })
})

describe('ZonePanel', () => {
  const zone = { name: { zh: '广场', en: 'Plaza <b>1</b>' }, kind: 'plaza', level: 0, areaSquareMetres: 200, capacity: 80 }
  const panel = (numbers: ReturnType<typeof someNumbers> | null) =>
    mount(ZonePanel, { props: { zone, numbers, day: [null, 1, 2], mark: null, peak: null, context: { occupancyReset: '04:00' } }, global })

  it('shows the numbers, what they are worth and why', () => {
    const text = panel(someNumbers({ status: 'partial', expected: 15, received: 11 })).text()
    expect(text).toContain('Partial')
    expect(text).toContain('11 of 15 readings arrived')
    expect(text).toContain('50% of capacity')
    expect(text).toContain('0.20 people/m²')
  })

  it('shows n/a for an occupancy that nobody knows, with the way out', () => {
    const text = panel(someNumbers({ occupancy: null })).text()
    expect(text).toContain('n/a')
    expect(text).toContain('daily reset (04:00)')
    expect(text).not.toContain('of capacity')
  })

  it('gives the occupancy its own badge where it is worth less than the window', () =>
    expect(panel(someNumbers({ status: 'complete', occupancyStatus: 'partial' })).findAll('.badge').map(badge => badge.attributes('aria-label') ?? badge.text())).toEqual(['Partial', 'Complete']))

  it('says that no data is not nobody', () => {
    const text = panel(null).text()
    expect(text).toContain('No data does not mean nobody')
    expect(text).not.toMatch(/Entries\s*0/)
  })

  it('shows a name as text, whatever is in it', () => expect(panel(null).find('h2').text()).toBe('Plaza <b>1</b>'))
})

describe('ZoneList', () => {
  const zones = Array.from({ length: 2000 }, (_, i) => ({ id: `z${i}`, name: `Zone ${i}`, kind: 'shop' }))
  const list = () => mount(ZoneList, {
    props: { zones, numbersOf: (id: string) => (id === 'z7' ? null : someNumbers({ entries: Number(id.slice(1)) })), valueOf: (id: string) => (id === 'z7' ? null : Number(id.slice(1))), shadeOf: (id: string) => (id === 'z7' ? null : 1), scale: scaleFor(2000), selected: 'z1999' },
    global,
    attachTo: document.body,
  })

  it('lists the busiest first and renders only what is in sight', () => {
    const rows = list().findAll('li')
    expect(rows[0]!.text()).toContain('Zone 1999')
    expect(rows.length).toBeLessThan(60)
    expect(rows[0]!.attributes('aria-setsize')).toBe('2000')
  })

  it('says each row in words, and marks the selected one', () => {
    const row = list().find('li button')
    expect(row.find('.name').text()).toBe('Zone 1999')
    expect(row.findAll('[role=img]').map(cell => cell.attributes('aria-label'))).toEqual(['Entries 1,999', 'Occupancy 40', 'Complete'])
    expect(row.attributes('aria-current')).toBe('true')
  })

  it('has one stop for the Tab key; arrows go on from there, Enter selects', async () => {
    const view = list()
    expect(view.findAll('li button[tabindex="0"]')).toHaveLength(1)
    await view.find('.scroller').trigger('keydown', { key: 'ArrowDown' })
    await nextTick()
    expect(document.activeElement?.textContent).toContain('Zone 1998')
    await view.find('[data-index="1"]').trigger('click')
    expect(view.emitted('select')).toEqual([['z1998']])
  })

  it('finds by name, and says when there is nothing', async () => {
    const view = list()
    await view.find('input').setValue('zone 7')
    expect(view.findAll('li').some(row => row.text().includes('No data'))).toBe(false)
    await view.find('input').setValue('nowhere')
    expect(view.text()).toContain('No zone has "nowhere" in its name.')
  })
})
