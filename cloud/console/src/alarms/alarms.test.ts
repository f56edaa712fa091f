import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { i18n } from '../locales/i18n'
import { KINDS, rowsOf, unacknowledged, type Alarm, type Row } from './alarms'
import AlarmList from './AlarmList.vue'
import { filterOf, isFiltered, queryOf, viewOf, withFilter } from './filter'
import { useAlarmWords, type AlarmWords } from './words'

const T0 = Date.parse('2026-06-12T04:00:00Z')

function alarm(id: number, of: Partial<Alarm> & { at?: string; gateway?: string } = {}): Alarm {
  const { at = `cam-${id}`, gateway, ...rest } = of
  return {
    id, kind: 'silent_device', severity: 'warning', since: T0, raised: T0, cleared: null, figure: 1000, threshold: 900, worst: null, unit: 's', detail: null, trust: null,
    subject: { sort: 'device', id: at, name: { zh: at, en: at }, gateway: gateway ?? null, place: null },
    acknowledged: null, assignee: null, mute: null, cause: null, consequences: 0, comments: 0, ...rest,
  }
}
const keys = (rows: Row[]) => rows.map(row => (row.type === 'group' ? `${row.key}×${row.alarms.length}` : `${' '.repeat(row.depth)}${row.alarm.id}`))
const none = new Set<string>()

describe('the list', () => {
  it('shows a few alarms of a kind one by one, many as one row where the first stood', () => {
    const few = Array.from({ length: 5 }, (_, i) => alarm(i + 1, { gateway: 'gw-1' }))
    expect(keys(rowsOf(few, none, new Map(), true))).toEqual(['1', '2', '3', '4', '5'])
    const storm = [alarm(100, { kind: 'disk' }), ...Array.from({ length: 1000 }, (_, i) => alarm(i + 1, { gateway: 'gw-1' })), alarm(101, { kind: 'clock' })]
    expect(keys(rowsOf(storm, none, new Map(), true))).toEqual(['100', 'kind-silent_device-warning-gw-1×1000', '101'])
    expect(rowsOf(storm, none, new Map(), false)).toHaveLength(1002)
  })

  it('opens a group, and beneath a cause its consequences', () => {
    const group = Array.from({ length: 6 }, (_, i) => alarm(i + 1))
    expect(keys(rowsOf(group, new Set(['kind-silent_device-warning-']), new Map(), true))).toEqual(['kind-silent_device-warning-×6', ' 1', ' 2', ' 3', ' 4', ' 5', ' 6'])
    const cause = alarm(9, { kind: 'silent_gateway', consequences: 2 })
    expect(keys(rowsOf([cause], new Set(['alarm-9']), new Map([[9, [alarm(10), alarm(11)]]]), true))).toEqual(['9', ' 10', ' 11'])
  })

  it('acknowledges what is open and not acknowledged yet', () => {
    expect(unacknowledged([alarm(1), alarm(2, { cleared: T0 }), alarm(3, { acknowledged: { at: T0, by: 'li' } })]).map(each => each.id)).toEqual([1])
  })

  it('holds only the rows on screen, of however many, and the arrow keys reach all of them', async () => {
    i18n.global.locale.value = 'en'
    vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} })
    const rows = rowsOf(Array.from({ length: 1000 }, (_, i) => alarm(i + 1)), none, new Map(), false)
    const list = mount(AlarmList, { props: { rows, selected: null, now: T0 + 60_000 }, global: { plugins: [i18n] }, attachTo: document.body })
    expect(list.findAll('li').length).toBeLessThan(40)
    await list.find('.scroller').trigger('keydown', { key: 'ArrowDown' })
    expect(document.activeElement?.getAttribute('data-alarm')).toBe('2')
    await list.find('[data-alarm="2"]').trigger('click')
    expect(list.emitted('select')).toEqual([[2]])
    list.unmount()
  })
})

describe('the address', () => {
  it('chooses the view that the person may see', () => {
    expect(viewOf({ view: 'history' }, 'viewer')).toBe('history')
    expect(viewOf({ view: 'webhooks' }, 'operator')).toBe('open')
    expect(viewOf({ view: 'webhooks' }, 'administrator')).toBe('webhooks')
    expect(viewOf({ view: 'nonsense' }, 'administrator')).toBe('open')
  })

  it('is the filter, and a change of it leaves the alarm that was chosen', () => {
    expect(filterOf({ kind: 'disk', other: 'x' }).kind).toBe('disk')
    expect(withFilter({ view: 'history', alarm: '7', kind: 'disk' }, 'kind', '')).toEqual({ view: 'history', kind: undefined, alarm: undefined })
    expect(isFiltered('open', { order: 'newest' })).toBe(false)
    expect(isFiltered('open', { severity: 'critical' })).toBe(true)
  })

  it('asks for what stands for itself, or for everything of a place', () => {
    expect(queryOf('open', {})).toEqual({ state: 'open', order: 'severity', limit: '1000', top: 'true' })
    expect(queryOf('open', { subject: 'gw-1' }).top).toBeUndefined()
    expect(queryOf('open', { state: 'unacknowledged' }).acknowledged).toBe('false')
    expect(queryOf('history', { from: 'never' })).toEqual({ state: 'cleared', order: 'newest', limit: '100' })
  })
})

describe.each(['zh', 'en'] as const)('the words (%s)', language => {
  const say = (): AlarmWords => {
    i18n.global.locale.value = language
    let words!: AlarmWords
    const host = mount(defineComponent({ setup() { const made = useAlarmWords(); words = made.value; return () => h('i') } }), { global: { plugins: [i18n] } })
    host.unmount()
    return words
  }
  afterEach(() => vi.unstubAllGlobals())

  it('have a name and a next step for each kind', () => {
    for (const kind of KINDS) {
      expect(say().kind(kind)).not.toBe(kind)
      expect(say().next(kind)).not.toBe('')
    }
  })

  it('change the unit of a time where its number would lose half its digits', () => {
    expect([59_000, 119_000, 120_000, 7_199_000, 7_200_000, 172_800_000].map(say().length)).toEqual(language === 'zh'
      ? ['59 秒', '119 秒', '2 分钟', '119 分钟', '2 小时', '2 天']
      : ['59 s', '119 s', '2 min', '119 min', '2 h', '2 days'])
  })

  it('say why, also where the figure is not known', () => {
    const dense = alarm(1, { kind: 'density', unit: 'people/m2', figure: 2.5, threshold: 2.15 })
    expect(say().why(dense)).toContain('2.50')
    expect(say().why({ ...dense, figure: null })).toContain('2.15')
    expect(say().why(alarm(1, { kind: 'cart_lost', unit: 's', threshold: 90, figure: 1, worst: null, cleared: 5000 }))).toMatch(/90 (s|秒)/)
    expect(say().why(alarm(1, { kind: 'sensor', threshold: null, detail: 'blind' }))).not.toBe('blind')
  })
})
