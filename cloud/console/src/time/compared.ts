import type { Status } from '../api/types'
import { worst } from '../footfall/trust'
import type { Cell } from './frames'

/** A number beside what it is compared with. */
export interface Compared {
  now: number | null
  /** The mean of the times compared with that have data; null where none has. */
  then: number | null
  /** How many of these have data, of how many. */
  known: number
  of: number
  /** Null where either side has no data. */
  difference: number | null
  /** The worst of all numbers that went in. */
  status: Status
}

/** The sum of what is known on both sides. */
export function comparedSum(parts: readonly Compared[]): Compared {
  const both = parts.filter(part => part.difference != null)
  const sum = (of: (part: Compared) => number) => (both.length ? both.reduce((total, part) => total + of(part), 0) : null)
  return {
    now: sum(part => part.now!), then: sum(part => part.then!), known: both.length, of: parts.length,
    difference: sum(part => part.difference!), status: worst(both.map(part => part.status)),
  }
}

/** `references`: null for an hour that the clocks skipped. */
export function compared(now: Cell, references: readonly (Cell | null)[]): Compared {
  const known = references.filter((cell): cell is Cell => cell?.value != null)
  const then = known.length ? known.reduce((sum, cell) => sum + cell.value!, 0) / known.length : null
  const both = now.value != null && then != null
  return {
    now: now.value, then, known: known.length, of: references.length,
    difference: both ? now.value! - then : null,
    status: both ? worst([now.status, ...known.map(cell => cell.status)]) : 'none',
  }
}
