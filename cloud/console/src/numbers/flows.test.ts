import { describe, expect, it } from 'vitest'
import { largest, sankey, zoneOf } from './flows'

const flow = (from: string, to: string, count: number | null, unplaced: number | null = 0) => ({ from, to, count, unplaced, status: 'complete' as const })

describe('flows', () => {
  const flows = [flow('a', 'b', 5), flow('b', 'a', 9), flow('outside', 'a', 3, 4), flow('b', 'c', null, null), flow('c', 'b', 0)]

  it('are the largest first, those of nobody left out', () => {
    expect(largest(flows, null)).toEqual([{ from: 'b', to: 'a', count: 9 }, { from: 'outside', to: 'a', count: 7 }, { from: 'a', to: 'b', count: 5 }])
    expect(largest(flows, null, 1)).toHaveLength(1)
  })

  it('of a zone go into it or out of it', () => expect(largest([...flows, flow('b', 'c', 8)], 'a').every(link => [link.from, link.to].includes('a'))).toBe(true))

  it('are drawn without a circle, though people walk both ways', () => {
    for (const zone of [null, 'a']) {
      const { nodes, links } = sankey(largest(flows, zone), zone)
      const left = new Set(links.map(link => link.source).filter(node => node !== zone))
      expect(links.some(link => left.has(link.target))).toBe(false)
      expect(nodes.map(zoneOf)).toContain('outside')
    }
  })
})
