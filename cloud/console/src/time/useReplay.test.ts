import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, ref, type EffectScope, effectScope } from 'vue'
import { ApiProblem } from '../api/problem'
import { chooseLanguage, i18n } from '../locales/i18n'
import { cloudOf, planOf, type Truth } from './testing'
import TimeBar from './TimeBar.vue'
import { useReplay, type Replay, type ReplayState } from './useReplay'

const cloud = vi.hoisted(() => ({ heatmap: vi.fn(), total: vi.fn() }))
vi.mock('../api/cloud', () => ({ cloud }))

const now = Date.parse('2026-06-12T11:38:12Z') / 1000
const truth: Truth = (zone, start) => (start < now - 20 * 3600 ? null : zone === 'gate' ? null : zone === 'plaza' ? (start / 900) % 50 : 7)
let scope: EffectScope

function replayOf(state: Partial<{ [K in keyof ReplayState]: ReplayState[K]['value'] }> = {}): Replay {
  return scope.run(() => useReplay(planOf(), { time: ref(state.time ?? null), choice: ref(state.choice ?? '24h'), speed: ref(state.speed ?? null), comparison: ref(state.comparison ?? null) } as ReplayState))!
}
const settle = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers({ now: now * 1000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  scope = effectScope()
  cloud.heatmap.mockImplementation(cloudOf(truth).heatmap)
  cloud.total.mockImplementation(cloudOf(truth).total)
  chooseLanguage('en')
})
afterEach(() => { scope.stop(); vi.useRealTimers() })

describe('the replay', () => {
  it('begins live, knows the sums of the day and how far the scale must reach', async () => {
    const replay = replayOf()
    await settle()
    expect([replay.replaying.value, replay.position.value, replay.loaded.value]).toEqual([false, 96, true])
    expect(replay.totals.value.values[95]).toBe(((now - 492 - 900) / 900 | 0) % 50 + 7)
    expect(replay.reach.value).toBe(49)
    expect(cloud.heatmap).not.toHaveBeenCalled()
  })

  it('plays from its first data, at its speed, to live, and rests there', async () => {
    const replay = replayOf({ speed: 1800 })
    await settle()
    replay.toggle()
    const begin = replay.position.value
    expect(replay.totals.value.values[begin - 1]).toBeNull()
    expect(replay.totals.value.values[begin]).not.toBeNull()
    await settle()
    await vi.advanceTimersByTimeAsync(500 * 10 + 10)
    expect(replay.position.value).toBe(begin + 10)
    await vi.advanceTimersByTimeAsync(500 * 96)
    expect([replay.position.value, replay.playing.value, replay.replaying.value]).toEqual([96, false, false])
  })

  it('shows every picture of 600× of minutes in time, for they are here before they are due', async () => {
    cloud.heatmap.mockImplementation(async (...question: Parameters<ReturnType<typeof cloudOf>['heatmap']>) => {
      await new Promise(done => setTimeout(done, 400))
      return cloudOf(() => 3).heatmap(...question)
    })
    cloud.total.mockImplementation(cloudOf(() => 3).total)
    const replay = replayOf({ choice: '6h', speed: 600, time: now - 5 * 3600 })
    await vi.advanceTimersByTimeAsync(1000)
    const begin = replay.position.value
    replay.toggle()
    for (let second = 1; second <= 20; second++) {
      await vi.advanceTimersByTimeAsync(1000)
      expect(replay.position.value - begin, `after ${second} s`).toBeGreaterThanOrEqual(second * 10 - 1)
      expect(replay.ready.value).toBe(true)
      expect(replay.waiting.value).toBe(false)
    }
  })

  it('waits for a picture that is late, and goes on when it has come', async () => {
    const late: (() => void)[] = []
    const replay = replayOf({ time: now - 3600, speed: 9000 })
    await settle()
    cloud.heatmap.mockImplementation((...question: Parameters<ReturnType<typeof cloudOf>['heatmap']>) => new Promise(done => late.push(() => done(cloudOf(truth).heatmap(...question)))))
    replay.choice.value = '30d'
    await settle()
    replay.toggle()
    await vi.advanceTimersByTimeAsync(2000)
    const held = replay.position.value
    expect([replay.playing.value, replay.waiting.value]).toEqual([true, true])
    cloud.heatmap.mockImplementation(cloudOf(truth).heatmap)
    for (const come of late) come()
    await vi.advanceTimersByTimeAsync(2000)
    expect(replay.waiting.value).toBe(false)
    expect(replay.position.value).not.toBe(held)
  })

  it('ends a range of the past with its last picture', async () => {
    const replay = replayOf({ choice: { from: '2026-06-12T00:00', to: '2026-06-12T03:00' }, speed: 600 })
    await settle()
    expect([replay.replaying.value, replay.position.value, replay.step.value]).toEqual([true, 0, '1m'])
    replay.toggle()
    await vi.advanceTimersByTimeAsync(30_000)
    expect([replay.position.value, replay.playing.value]).toEqual([179, false])
    replay.toLive()
    expect([replay.choice.value, replay.replaying.value]).toEqual(['24h', false])
  })

  it('shows the business day of a linked time that its range does not reach', async () => {
    const replay = replayOf({ time: Date.parse('2026-05-01T18:30:00Z') / 1000 })
    await settle()
    expect(replay.choice.value).toEqual({ from: '2026-05-01T04:00', to: '2026-05-02T04:00' })
    expect(replay.window.value!.start).toBe(Date.parse('2026-05-01T18:30:00Z') / 1000)
  })

  it('keeps the range before one that cannot be, and says why', () => {
    const replay = replayOf()
    const before = replay.range.value
    replay.choice.value = { from: '2026-06-20T00:00', to: '2026-06-21T00:00' }
    expect([replay.fault.value, replay.range.value]).toEqual(['future', before])
  })

  it('compares with the same hour a week ago, and hatches what lacks either side', async () => {
    const week = 7 * 86_400
    cloud.heatmap.mockImplementation(cloudOf((zone, start) => (zone === 'gate' && start < now - week + 86_400 ? null : start < now - week + 86_400 ? 40 : 50)).heatmap)
    const replay = replayOf({ comparison: 'week' })
    await settle()
    expect(replay.replaying.value).toBe(true)
    const of = replay.comparedOf.value!
    expect(of('plaza')).toMatchObject({ now: 50, then: 40, difference: 10, status: 'complete' })
    expect(of('gate')).toMatchObject({ now: 50, then: null, difference: null })
    replay.toLive()
    expect([replay.comparison.value, replay.replaying.value, replay.comparedOf.value]).toEqual([null, false, null])
  })

  it.each([['week', 1], ['weeks4', 2.5], ['2026-06-05', 1]])('lays the sums of %s beside its own', async (comparison, weeks) => {
    // Each week has its own number; the fifth before has none.
    const week = 7 * 86_400
    const ago = (start: number) => Math.floor((now - start) / week)
    cloud.total.mockImplementation(cloudOf((_, start) => (ago(start) < 5 ? 100 + ago(start) : null)).total)
    const replay = replayOf({ comparison })
    await settle()
    expect(replay.comparedTotals.value).toHaveLength(96)
    expect(replay.comparedTotals.value![50]).toBe(3 * (100 + weeks))
    const asked = cloud.total.mock.calls.length
    replay.comparison.value = null
    await settle()
    expect([replay.comparedTotals.value, cloud.total.mock.calls.length]).toEqual([null, asked])
  })

  it('stays as it was while the cloud cannot answer, and says why; then it goes on by itself', async () => {
    const replay = replayOf({ time: now - 3600 })
    await settle()
    const shown = replay.numbersOf.value('plaza')!.entries
    expect(shown).not.toBeNull()
    cloud.heatmap.mockRejectedValue(new ApiProblem(503, 'store_unavailable'))
    cloud.total.mockRejectedValue(new ApiProblem(503, 'store_unavailable'))
    await vi.advanceTimersByTimeAsync(900_000)
    expect(replay.problem.value?.code).toBe('store_unavailable')
    expect(replay.numbersOf.value('plaza')!.entries).toBe(shown)
    cloud.heatmap.mockImplementation(cloudOf(truth).heatmap)
    cloud.total.mockImplementation(cloudOf(truth).total)
    await vi.advanceTimersByTimeAsync(900_000)
    expect(replay.problem.value).toBeNull()
  })

  it('says that the cloud answers from memory while its store is away', async () => {
    cloud.total.mockImplementation(async (...question: Parameters<ReturnType<typeof cloudOf>['total']>) => ({ ...(await cloudOf(truth).total(...question)), stale: { since: now - 60, code: 'store-away', reason: 'start it' } }))
    const replay = replayOf()
    await settle()
    expect(replay.stale.value?.code).toBe('store-away')
  })
})

describe('the time bar', () => {
  const bar = async (state = {}) => {
    const replay = replayOf(state)
    await settle()
    const view = mount(TimeBar, { attachTo: document.body, props: { replay, liveTotal: 42, staleSince: null }, global: { plugins: [i18n] } })
    return { view, replay }
  }

  it('plays with the space bar and steps with the arrows, but not for who types', async () => {
    const { view, replay } = await bar({ time: now - 3600 })
    const begin = replay.position.value
    const press = (key: string, on: Element = document.body, more = {}) => on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
    press('ArrowLeft')
    press('ArrowLeft', document.body, { shiftKey: true })
    expect(replay.position.value).toBe(begin - 11)
    press('ArrowRight')
    expect(replay.position.value).toBe(begin - 10)
    press(' ')
    expect(replay.playing.value).toBe(true)
    press('ArrowRight')
    expect(replay.playing.value).toBe(false)
    const input = document.body.appendChild(document.createElement('input'))
    press(' ', input)
    press('ArrowLeft', input)
    expect([replay.playing.value, replay.position.value]).toEqual([false, begin - 9])
    input.remove()
    view.unmount()
  })

  it('stops playing when someone takes the slider', async () => {
    const { view, replay } = await bar({ time: now - 12 * 3600 })
    await view.find('.play').trigger('click')
    await view.find('.track input').setValue('60')
    await vi.advanceTimersByTimeAsync(5000)
    expect(replay.position.value).toBe(60)
    view.unmount()
  })

  it('says the time, the number and its unit to a screen reader', async () => {
    const { view, replay } = await bar({ time: now - 3600 })
    const spoken = () => view.find('.track input').attributes('aria-valuetext')
    expect(spoken()).toMatch(/\d+ \/ 15 min/)
    replay.position.value = 2
    await nextTick()
    expect(spoken()).toContain('no data')
    view.unmount()
  })

  it('says the roll-up of the range and the meaning of the speed', async () => {
    const { view } = await bar({ choice: '30d', speed: 3600 * 2 })
    expect(view.find('.opener').text()).toContain('30 days')
    expect(view.find('.opener').text()).toContain('in steps of 1 h')
    expect((view.find('.speed select').element as HTMLSelectElement).selectedOptions[0]!.textContent).toBe('7,200× · 2 h per second')
    view.unmount()
  })

  it('refuses a range that cannot be with the reason', async () => {
    const { view, replay } = await bar()
    await view.find('.opener').trigger('click')
    await view.find('input[name=from]').setValue('2026-06-12T10:00')
    await view.find('input[name=to]').setValue('2026-06-11T10:00')
    await view.find('form').trigger('submit')
    expect(view.find('[role=alert]').text()).toContain('The start is not before the end')
    await view.find('input[name=from]').setValue('2026-06-10T10:00')
    await view.find('form').trigger('submit')
    expect(replay.choice.value).toEqual({ from: '2026-06-10T10:00', to: '2026-06-11T10:00' })
    expect(view.find('form').exists()).toBe(false)
    view.unmount()
  })

  it('leads back to live', async () => {
    const { view, replay } = await bar({ time: now - 3600 })
    await view.find('.back').trigger('click')
    expect(replay.replaying.value).toBe(false)
    expect(view.find('.back').attributes('disabled')).toBeDefined()
    view.unmount()
  })
})
