import { mount } from '@vue/test-utils'
import { computed, ref, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '../api/problem'
import type { Answer } from '../api/useAnswer'
import { chooseLanguage, i18n } from '../locales/i18n'
import { frameKey, type Frame } from './frame'
import AwayPage from './AwayPage.vue'
import PageScaffold from './PageScaffold.vue'
import { may, ROLES, sections } from './sections'

beforeEach(() => chooseLanguage('en'))

describe('a section', () => {
  it('is there for its least role and all above', () => {
    const people = sections.find(section => section.name === 'people')!
    expect(ROLES.filter(role => may(role, people.least))).toEqual(['administrator'])
    expect(ROLES.filter(role => may(role, 'viewer'))).toEqual(ROLES)
  })
})

describe('PageScaffold', () => {
  const answerOf = (value: unknown, problem: ApiProblem | null = null, busy = false): Answer<unknown> =>
    ({ value: shallowRef(value), problem: shallowRef(problem), busy: ref(busy), readAt: ref(value == null ? null : 1_781_236_800), again: vi.fn() })
  const page = (props: { answer?: Answer<unknown>; empty?: { title: string; text: string } }, wall = false) => mount(PageScaffold, {
    props: { title: 'Devices', ...props },
    slots: { default: '<b>the content</b>', toolbar: '<i>tools</i>' },
    global: { plugins: [i18n], provide: { [frameKey as symbol]: { name: computed(() => 'Harbour'), wall: computed(() => wall) } as Partial<Frame> } },
  })

  it('names the page, in the window\'s title too', () => {
    expect(page({}).find('h1').text()).toBe('Devices')
    expect(document.title).toBe('Devices · Harbour')
  })

  it('says that it is loading, and to a screen reader when it has loaded', async () => {
    const view = page({ answer: answerOf(null, null, true) })
    expect(view.attributes('aria-busy')).toBe('true')
    expect(view.text()).toContain('Reading…')
    expect(page({ answer: answerOf([1]) }).find('[role=status]').text()).toBe('Loaded')
  })

  it('says what is the matter where there is nothing to show, in the server\'s words too, and asks again', async () => {
    const answer = answerOf(null, new ApiProblem(503, 'store_unavailable', 'influx.example:8086 refused the connection'))
    const view = page({ answer })
    expect(view.find('[role=alert]').text()).toContain('time-series store does not answer')
    expect(view.text()).toContain('influx.example:8086')
    expect(view.text()).not.toContain('the content')
    await view.find('button').trigger('click')
    expect(answer.again).toHaveBeenCalled()
  })

  it('keeps the content while a newer answer fails, and says how old it is', () => {
    const text = page({ answer: answerOf([1], new ApiProblem(0, 'unreachable')) }).text()
    expect(text).toContain('the content')
    expect(text).toMatch(/Showing what was read at \d\d:\d\d:\d\d/)
    expect(text).toContain('cannot be reached')
  })

  it('says what is missing where the answer is empty', () => {
    const text = page({ answer: answerOf([]), empty: { title: 'No device', text: 'Add one to the district file.' } }).text()
    expect(text).toContain('Add one')
    expect(text).not.toContain('the content')
  })

  it('leaves its tools out on a wall screen', () => {
    expect(page({}).text()).toContain('tools')
    expect(page({}, true).text()).not.toContain('tools')
  })
})

describe('AwayPage', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('loads the window again as soon as the service answers, and not before', async () => {
    vi.useFakeTimers()
    const reload = vi.fn()
    const answers = [() => Promise.reject(new TypeError('away')), () => Promise.resolve({ ok: false }), () => Promise.resolve({ ok: true })]
    vi.stubGlobal('location', { href: 'http://console/history', reload })
    vi.stubGlobal('fetch', vi.fn(() => answers.shift()!()))
    const view = mount(AwayPage, { global: { plugins: [i18n] } })
    expect(view.attributes('role')).toBe('alert')
    await vi.advanceTimersByTimeAsync(20_000)
    expect([answers.length, reload.mock.calls.length]).toEqual([1, 0])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(reload).toHaveBeenCalledOnce()
    view.unmount()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fetch).toHaveBeenCalledTimes(3)
  })
})
