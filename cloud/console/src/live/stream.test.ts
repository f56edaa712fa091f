import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveStream } from './stream'

class FakeSource extends EventTarget {
  static all: FakeSource[] = []
  closed = false
  constructor(readonly url: string) {
    super()
    FakeSource.all.push(this)
  }
  close() { this.closed = true }
  send(type: string, data: unknown) { this.dispatchEvent(Object.assign(new Event(type), { data: typeof data === 'string' ? data : JSON.stringify(data) })) }
  fail() { this.dispatchEvent(new Event('error')) }
}

const last = () => FakeSource.all.at(-1)!

describe('the live stream', () => {
  const states: string[] = []
  const handlers = { state: (state: string) => { states.push(state) }, snapshot: vi.fn(), zones: vi.fn(), alarms: vi.fn(), lockers: vi.fn(), kiosks: vi.fn(), carts: vi.fn(), lines: vi.fn(), probe: vi.fn(() => Promise.resolve()) }
  let stream: LiveStream

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', FakeSource)
    FakeSource.all = []
    states.length = 0
    handlers.probe.mockClear()
    stream = new LiveStream('/live', handlers, () => 1)
    stream.open()
  })
  afterEach(() => {
    stream.close()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('is live from the first snapshot, and hands on what comes', () => {
    expect(states).toEqual(['connecting'])
    last().send('snapshot', { at: 1, zones: [] })
    last().send('zones', { at: 2, zones: [] })
    expect(states).toEqual(['connecting', 'open'])
    expect(handlers.zones).toHaveBeenCalledWith({ at: 2, zones: [] })
    last().send('alarms', { at: 3, marks: [] })
    expect(handlers.alarms).toHaveBeenCalledWith({ at: 3, marks: [] })
    last().send('carts', { carts: [], total: 0, next: null })
    expect(handlers.carts).toHaveBeenCalledWith({ carts: [], total: 0, next: null })
    last().send('lines', { at: 4 })
    expect(handlers.lines).toHaveBeenCalledOnce()
  })

  it('reconnects after a failure, after longer and longer waits, and asks why first', async () => {
    last().fail()
    expect(states.at(-1)).toBe('lost')
    await vi.advanceTimersByTimeAsync(999)
    expect(FakeSource.all).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(handlers.probe).toHaveBeenCalledOnce()
    expect(FakeSource.all).toHaveLength(2)
    last().fail()
    await vi.advanceTimersByTimeAsync(1999)
    expect(FakeSource.all).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(FakeSource.all).toHaveLength(3)
  })

  it('begins with short waits again once it was live', async () => {
    last().fail()
    await vi.advanceTimersByTimeAsync(1000)
    last().send('snapshot', { at: 1, zones: [] })
    last().fail()
    await vi.advanceTimersByTimeAsync(1000)
    expect(FakeSource.all).toHaveLength(3)
  })

  it('takes silence for a dead connection', async () => {
    last().send('snapshot', { at: 1, zones: [] })
    const first = last()
    await vi.advanceTimersByTimeAsync(75_000)
    expect(first.closed).toBe(true)
    expect(states.at(-1)).toBe('lost')
  })

  it('takes an unreadable event for a broken stream, not for data', () => {
    last().send('snapshot', { at: 1, zones: [] })
    last().send('zones', '{"at":')
    expect(states.at(-1)).toBe('lost')
  })

  it('stays closed when closed', async () => {
    last().fail()
    stream.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSource.all).toHaveLength(1)
  })
})
