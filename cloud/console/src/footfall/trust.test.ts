import { describe, expect, it } from 'vitest'
import en from '../locales/en'
import zh from '../locales/zh'
import { someNumbers } from './testing'
import { trustOf, trustWords, type Trust } from './trust'

const all: Trust[] = ['complete', 'provisional', 'partial', 'repaired', 'stale', 'none', 'na']
const at = (messages: object, key: string) => key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], messages)

describe('trust', () => {
  it.each(all)('%s has a label, a cause and a next step in both languages', trust => {
    const words = trustWords(trust, someNumbers({ status: trust === 'na' ? 'complete' : trust }))
    for (const messages of [zh, en]) for (const key of [words.label, words.cause.key, words.next.key]) expect(at(messages, key), key).toBeTypeOf('string')
  })

  it('tells how many readings are missing where that is known', () => {
    const known = trustWords('partial', someNumbers({ status: 'partial', expected: 14, received: 12 }))
    expect(known.cause).toEqual({ key: 'trust.partial.causeCounted', values: { expected: 14, received: 12 } })
    const unknown = trustWords('partial', someNumbers({ status: 'partial', expected: null, received: 12 }))
    expect(unknown.cause.key).toBe('trust.partial.cause')
  })

  it('blames the stream, not the gateway, while the stream is away', () => {
    expect(trustWords('stale', someNumbers(), { streamLostAt: '12:00:03' }).cause).toEqual({ key: 'trust.stale.causeStream', values: { time: '12:00:03' } })
    expect(trustWords('stale', someNumbers()).cause.key).toBe('trust.stale.cause')
  })

  it('names the daily reset where occupancy is not known', () =>
    expect(trustWords('na', someNumbers(), { occupancyReset: '05:30' }).next.values).toEqual({ time: '05:30' }))

  it('is none without numbers, whatever the status says', () => {
    expect(trustOf(null)).toBe('none')
    expect(trustOf(someNumbers({ entries: null, status: 'provisional' }))).toBe('none')
    expect(trustOf(someNumbers({ entries: 0, status: 'complete' }))).toBe('complete')
  })
})
