import { flushPromises } from '@vue/test-utils'
import { effectScope, ref, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from './problem'
import { useAnswer } from './useAnswer'

describe('an answer of the cloud', () => {
  let scope: EffectScope
  beforeEach(() => { vi.useFakeTimers(); scope = effectScope() })
  afterEach(() => { scope.stop(); vi.useRealTimers() })

  it('stays while a newer one fails, and is asked for again by itself', async () => {
    const ask = vi.fn().mockResolvedValueOnce('first').mockRejectedValueOnce(new ApiProblem(503, 'store_unavailable')).mockResolvedValueOnce('second')
    const answer = scope.run(() => useAnswer<string>(ask))!
    expect(answer.busy.value).toBe(true)
    await flushPromises()
    expect([answer.value.value, answer.busy.value]).toEqual(['first', false])
    await answer.again()
    expect([answer.value.value, answer.problem.value?.code]).toEqual(['first', 'store_unavailable'])
    await vi.advanceTimersByTimeAsync(15_000)
    expect([answer.value.value, answer.problem.value]).toEqual(['second', null])
  })

  it('is not asked for again where that would not help', async () => {
    const ask = vi.fn().mockRejectedValue(new ApiProblem(400, 'range_empty'))
    scope.run(() => useAnswer(ask))
    await vi.advanceTimersByTimeAsync(600_000)
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('is asked for again each time that is over, if so wished', async () => {
    const ask = vi.fn().mockResolvedValue(1)
    scope.run(() => useAnswer(ask, 60_000))
    await vi.advanceTimersByTimeAsync(185_000)
    expect(ask).toHaveBeenCalledTimes(4)
    scope.stop()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(ask).toHaveBeenCalledTimes(4)
  })

  it('is that of the newest question, whichever comes last', async () => {
    const zone = ref('a')
    const waiting = new Map<string, (text: string) => void>()
    const aborted: string[] = []
    const answer = scope.run(() => useAnswer(signal => {
      const asked = zone.value
      signal.addEventListener('abort', () => aborted.push(asked))
      return new Promise<string>(resolve => waiting.set(asked, resolve))
    }))!
    zone.value = 'b'
    await flushPromises()
    waiting.get('b')!('of b')
    waiting.get('a')!('of a')
    await flushPromises()
    expect(answer.value.value).toBe('of b')
    expect(aborted).toEqual(['a'])
  })
})
