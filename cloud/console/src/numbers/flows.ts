import type { Flow } from '../api/types'

export const OUTSIDE = 'outside'
const MOST = 16

export interface Link { from: string; to: string; count: number }

/** The largest flows, and of one zone only those into it and out of it. */
export function largest(flows: readonly Flow[], zone: string | null, most = MOST): Link[] {
  return flows
    .map(({ from, to, count, unplaced }) => ({ from, to, count: (count ?? 0) + (unplaced ?? 0) }))
    .filter(link => link.count > 0 && (zone == null || link.from === zone || link.to === zone))
    .sort((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to))
    .slice(0, most)
}

/**
 * A Sankey diagram may have no circle, while people walk both ways: whoever is left stands on the left, whoever is reached
 * on the right, a zone that is asked for in the middle.
 */
export function sankey(links: readonly Link[], zone: string | null) {
  const from = (id: string) => (id === zone ? id : `<${id}`)
  const to = (id: string) => (id === zone ? id : `>${id}`)
  const drawn = links.map(link => ({ source: from(link.from), target: to(link.to), value: link.count }))
  return { nodes: [...new Set(drawn.flatMap(link => [link.source, link.target]))], links: drawn }
}

/** The zone that a node of the diagram stands for. */
export const zoneOf = (node: string) => node.replace(/^[<>]/, '')
