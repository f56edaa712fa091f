import { describe, expect, it } from 'vitest'
import type { Status } from '../api/types'
import { largest, sankey, zoneOf, type Link } from './flows'

const flow = (from: string, to: string, count: number | null, unplaced: number | null = 0, status: Status = 'complete') => ({ from, to, count, unplaced, status })
const told = (links: readonly Link[]) => links.map(link => `${link.from} ${link.to} ${link.count} ${link.status}`)

describe('flows', () => {
  const flows = [flow('a', 'b', 5), flow('b', 'a', 9), flow('outside', 'a', 3, 4), flow('b', 'c', null, null), flow('c', 'b', 0)]

  it('are the largest first, those of nobody left out', () => {
    expect(told(largest(flows, null))).toEqual(['b a 9 complete', 'outside a 7 complete', 'a b 5 complete'])
    expect(largest(flows, null, 1)).toHaveLength(1)
  })

  it('of a zone go into it or out of it', () => expect(largest([...flows, flow('b', 'c', 8)], { id: 'a', zones: ['a'] }).every(link => [link.from, link.to].includes('a'))).toBe(true))

  it('of a group are those of all its zones, but for those within it', () => {
    const group = { id: 'g', zones: ['a', 'c'] }
    expect(told(largest([...flows, flow('b', 'c', 8, 0, 'partial'), flow('a', 'c', 50)], group))).toEqual(['b g 17 partial', 'outside g 7 complete', 'g b 5 complete'])
  })

  it('are drawn without a circle, though people walk both ways', () => {
    for (const area of [null, { id: 'a', zones: ['a'] }]) {
      const { nodes, links } = sankey(largest(flows, area), area)
      const left = new Set(links.map(link => link.source).filter(node => node !== area?.id))
      expect(links.some(link => left.has(link.target))).toBe(false)
      expect(nodes.map(zoneOf)).toContain('outside')
    }
  })
})
