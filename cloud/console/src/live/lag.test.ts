import { describe, expect, it } from 'vitest'
import { RecentLag } from './lag'

describe('the lag on screen', () => {
  it('is what nine of ten recent events kept below', () => {
    const lag = new RecentLag()
    expect(lag.add([])).toBeNull()
    expect(lag.add([100])).toBe(100)
    expect(lag.add([1, 2, 3, 4, 5, 6, 7, 8, 900])).toBe(100)
  })

  it('forgets what is long ago', () => {
    const lag = new RecentLag()
    lag.add([5000, 5000, 5000])
    expect(lag.add(Array.from({ length: 60 }, () => 20))).toBe(20)
  })
})
