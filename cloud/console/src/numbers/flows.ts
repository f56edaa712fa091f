import { toStatus, type Flow, type Status } from '../api/types'
import { worst } from '../footfall/trust'

export const OUTSIDE = 'outside'
const MOST = 16

/** Its status is the worst of the flows that it is made of. */
export interface Link { from: string; to: string; count: number; status: Status }

/** An area whose flows are asked for: a zone, or a group of zones that are taken for one. */
export interface FlowArea { id: string; zones: readonly string[] }

/** The largest flows; of an area only those into it and out of it, not those within. */
export function largest(flows: readonly Flow[], area: FlowArea | null, most = MOST): Link[] {
  const within = new Set(area?.zones)
  const place = (zone: string) => (area && within.has(zone) ? area.id : zone)
  const links = new Map<string, Link>()
  for (const { from, to, count, unplaced, status } of flows) {
    if (area && within.has(from) === within.has(to)) continue
    const key = `${place(from)} ${place(to)}`
    const link = links.get(key) ?? { from: place(from), to: place(to), count: 0, status: 'complete' }
    link.count += (count ?? 0) + (unplaced ?? 0)
    link.status = worst([link.status, toStatus(status)])
    links.set(key, link)
  }
  return [...links.values()]
    .filter(link => link.count > 0)
    .sort((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to))
    .slice(0, most)
}

/**
 * A Sankey diagram may have no circle, while people walk both ways: whoever is left stands on the left, whoever is reached
 * on the right, the area that is asked for in the middle.
 */
export function sankey(links: readonly Link[], area: FlowArea | null) {
  const from = (id: string) => (id === area?.id ? id : `<${id}`)
  const to = (id: string) => (id === area?.id ? id : `>${id}`)
  const drawn = links.map(link => ({ source: from(link.from), target: to(link.to), value: link.count }))
  return { nodes: [...new Set(drawn.flatMap(link => [link.source, link.target]))], links: drawn }
}

/** The zone or area that a node of the diagram stands for. */
export const zoneOf = (node: string) => node.replace(/^[<>]/, '')
