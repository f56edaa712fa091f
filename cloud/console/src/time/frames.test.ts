import { describe, expect, it, vi } from 'vitest'
import type { Measure } from '../api/types'
import { bucketsOf, type Step } from './buckets'
import { DistrictTime } from './districtTime'
import { Frames, statusesOf, type AskHeatmap } from './frames'
import { cloudOf, ZONES } from './testing'
import { emptySeries, partsOf, takeIn } from './totals'

const now = Date.parse('2026-06-12T11:38:12Z') / 1000
const berlin = new DistrictTime('Europe/Berlin', '04:00')
const truth = (zone: string, start: number, measure: Measure) => (zone === 'gate' ? null : (start / 60 + zone.length + measure.length) % 97)

function framesOf(step: Step, ask: AskHeatmap = cloudOf(truth, 'Europe/Berlin').heatmap, lines = 4) {
  const events = { changed: vi.fn(), failed: vi.fn(), came: vi.fn() }
  const asked = vi.fn(ask)
  return { frames: new Frames(bucketsOf(step, berlin), ZONES, lines, asked, () => now, events), asked, events }
}
const settled = () => new Promise(done => setTimeout(done))

describe('the frames', () => {
  it.each(['1m', '15m', '1h', '1d'] as const)('by %s are those of the cloud, bucket by bucket, across the change of clocks', async step => {
    const { frames } = framesOf(step)
    const buckets = bucketsOf(step, berlin)
    const first = buckets.indexOf(Date.parse('2026-03-28T12:00:00Z') / 1000)
    const wanted = Array.from({ length: 200 }, (_, i) => first + i * (step === '1d' ? -1 : 1))
    frames.want(wanted, ['entries', 'exits'])
    await settled()
    for (const index of wanted) for (const zone of ZONES) for (const measure of ['entries', 'exits'] as const) {
      expect(frames.cell(measure, zone, index).value).toBe(truth(zone, buckets.startOf(index), measure))
    }
    expect(frames.cell('entries', 'gate', first)).toEqual({ value: null, status: 'none' })
    expect(frames.cell('entries', 'nowhere', first).value).toBeNull()
  })

  it('are read once, by the chunk', async () => {
    const { frames, asked } = framesOf('15m')
    const first = bucketsOf('15m', berlin).indexOf(now - 86_400)
    frames.want([first, first + 1], ['entries'])
    await settled()
    const calls = asked.mock.calls.length
    frames.want([first, first + 1, first + 2], ['entries'])
    await settled()
    expect(asked).toHaveBeenCalledTimes(calls)
    expect(frames.has('entries', first)).toBe(true)
    expect(frames.has('exits', first)).toBe(false)
  })

  it('are asked for in smaller parts where lines are many, and never of the future', async () => {
    const { frames, asked } = framesOf('1d', undefined, 4000)
    frames.want([bucketsOf('1d', berlin).indexOf(now)], ['entries'])
    await settled()
    const [, from, to] = asked.mock.calls[0]!
    expect(to).toBeLessThanOrEqual(now)
    expect(to - from).toBeLessThanOrEqual(4 * 86_400)
    frames.want([bucketsOf('1d', berlin).indexOf(now) + 5], ['entries'])
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('leave out what is no longer wanted, the nearest first', async () => {
    const order: number[] = []
    const { frames } = framesOf('15m', (measure, from, to, step) => { order.push(from); return cloudOf(truth).heatmap(measure, from, to, step) })
    const first = bucketsOf('15m', berlin).indexOf(now) - 96 * 20
    frames.want(Array.from({ length: 10 }, (_, i) => first + i * 96), ['entries'])
    frames.want([first + 96 * 15], ['entries'])
    await settled()
    expect(order).toHaveLength(4)
    expect(order.at(-1)).toBeGreaterThan(order[2]!)
  })

  it('stay while they are read again, and when that fails', async () => {
    let answers = cloudOf(truth)
    const { frames, events } = framesOf('15m', (...question) => answers.heatmap(...(question as unknown as Parameters<typeof answers.heatmap>)))
    const index = bucketsOf('15m', berlin).indexOf(now - 1800)
    frames.want([index], ['entries'])
    await settled()
    frames.age(now - 7200)
    answers = { ...answers, heatmap: () => Promise.reject(new Error('away')) }
    frames.want([index], ['entries'])
    await settled()
    expect(events.failed).toHaveBeenCalledOnce()
    expect(frames.cell('entries', 'plaza', index).value).toBe(truth('plaza', index * 900, 'entries'))
    answers = cloudOf(() => 5)
    frames.want([index], ['entries'])
    await settled()
    expect(frames.cell('entries', 'plaza', index)).toEqual({ value: 5, status: 'complete' })
  })

  it('read runs of trust, and do not vouch for a letter that they do not know', () => {
    expect(statusesOf('c2p1x1n1')).toEqual(['complete', 'complete', 'provisional', 'partial', 'none'])
    expect(statusesOf('')).toEqual([])
  })
})

describe('the sums', () => {
  it('are asked for in parts that cover the range once, the newest first', () => {
    for (const [step, lines, zones, first, end] of [['15m', 80, 53, 0, 672], ['1h', 4000, 2000, 10, 2000], ['1d', 4000, 2000, 0, 365], ['1m', 1, 1, 5, 6]] as const) {
      const parts = partsOf(bucketsOf(step, berlin), first, end, lines, zones)
      expect(parts[0]!.end).toBe(end)
      expect(parts.at(-1)!.first).toBe(first)
      parts.slice(1).forEach((part, i) => expect(part.end).toBe(parts[i]!.first))
      for (const part of parts) expect((part.end - part.first) * (step === '1d' ? 24 : 1) * lines).toBeLessThanOrEqual(300_000)
    }
  })

  it('are laid over the range where they belong', async () => {
    const buckets = bucketsOf('15m', berlin)
    const first = buckets.indexOf(now) - 8
    const answer = await cloudOf(zone => (zone === 'gate' ? null : 2)).total('entries', buckets.startOf(first + 6), buckets.startOf(first + 9), '15m', null)
    expect(takeIn(emptySeries(8), buckets, first, answer)).toEqual({ values: [null, null, null, null, null, null, 4, 4], status: ['none', 'none', 'none', 'none', 'none', 'none', 'complete', 'complete'] })
  })
})
