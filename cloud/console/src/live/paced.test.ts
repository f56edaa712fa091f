import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { paced } from './paced'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

it('runs at once, then once in a time, and after the last word too', () => {
  const scope = effectScope()
  const run = vi.fn()
  const ask = scope.run(() => paced(run, 1000))!
  ask()
  vi.advanceTimersByTime(0)
  expect(run).toHaveBeenCalledTimes(1)
  for (let i = 0; i < 3; i++) { vi.advanceTimersByTime(250); ask() }
  expect(run).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(250)
  expect(run).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(5000)
  expect(run).toHaveBeenCalledTimes(2)
  ask()
  scope.stop()
  vi.advanceTimersByTime(5000)
  expect(run).toHaveBeenCalledTimes(2)
})
