import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseLanguage, i18n } from '../locales/i18n'
import { LIVE, dayRange } from './timeline'
import TimeBar from './TimeBar.vue'

// The chart draws on a canvas, which the test's document does not have.
vi.mock('./DayBars.vue', () => ({ __esModule: true, default: { render: () => null } }))

const range = dayRange(Date.parse('2026-06-12T11:38:12Z') / 1000)
const totals = Array.from({ length: 96 }, (_, i) => (i < 90 ? null : i))

describe('TimeBar', () => {
  const bar = (modelValue: number) => {
    const view = mount(TimeBar, {
      props: { modelValue, range, totals, liveTotal: 42, staleSince: null, loaded: true, 'onUpdate:modelValue': (next: number | undefined) => void view.setProps({ modelValue: next! }) },
      global: { plugins: [i18n] },
    })
    return view
  }

  beforeEach(() => { vi.useFakeTimers(); chooseLanguage('en') })
  afterEach(() => vi.useRealTimers())

  it('plays the day from its first data to live, then rests', async () => {
    const view = bar(LIVE)
    await view.find('.play').trigger('click')
    expect(view.props('modelValue')).toBe(90)
    await vi.advanceTimersByTimeAsync(640 * 2)
    expect(view.props('modelValue')).toBe(92)
    await vi.advanceTimersByTimeAsync(640 * 20)
    expect(view.props('modelValue')).toBe(LIVE)
    expect(view.find('.play').attributes('aria-label')).toBe('Play')
  })

  it('stops playing when someone takes the slider', async () => {
    const view = bar(10)
    await view.find('.play').trigger('click')
    await view.find('input').setValue('30')
    await vi.advanceTimersByTimeAsync(5000)
    expect(view.props('modelValue')).toBe(30)
  })

  it('says the time and the number to a screen reader', () => {
    expect(bar(92).find('input').attributes('aria-valuetext')).toContain('92 / 15 min')
    expect(bar(3).find('input').attributes('aria-valuetext')).toContain('no data')
  })

  it('leads back to live', async () => {
    const view = bar(12)
    await view.find('.back').trigger('click')
    expect(view.props('modelValue')).toBe(LIVE)
    expect(view.find('.back').attributes('disabled')).toBeDefined()
  })

  it('hatches the time without data', () => expect(bar(LIVE).findAll('.gap')).toHaveLength(1))
})
