import { computed, inject, type ComputedRef } from 'vue'
import type { LineCollection, LocalizedName } from '../api/types'
import { frameKey } from '../frame/frame'
import { useFormats } from '../locales/formats'

/** A line whose counts are corrected in numbers, reports and exports. */
export interface Calibrated {
  name: LocalizedName
  entries: number
  exits: number
}

type Dated = { since: string }
const inForce = <T extends Dated>(dated: readonly T[], at: number): T | undefined => dated.filter(each => Date.parse(each.since) / 1000 <= at).at(-1)

/** The lines of a zone, or of the district, with a factor in force. `at`: s since the Unix epoch. */
export function calibratedAt(lines: LineCollection, at: number, zone: string | null): Calibrated[] {
  return lines.features.flatMap(({ properties }) => {
    const factor = inForce(properties.calibration, at)
    const join = inForce(properties.joins, at)
    if (!factor || (factor.entries === 1 && factor.exits === 1) || !join || (zone != null && join.from !== zone && join.to !== zone)) return []
    return [{ name: properties.name, entries: factor.entries, exits: factor.exits }]
  })
}

export interface CountedWords { key: string; values: Record<string, string | number> }

/**
 * Maps, flows and history show what was counted; numbers and reports correct it. The words that say so where a factor is in
 * force, null where none is: there both are the same number.
 */
export function useCounted(of: () => { zone?: string | null; at?: number | null }): ComputedRef<CountedWords | null> {
  const plan = inject(frameKey, null)?.plan
  const formats = useFormats()
  return computed((): CountedWords | null => {
    if (!plan?.value) return null
    const { zone, at } = of()
    const lines = calibratedAt(plan.value.lines, at ?? Date.now() / 1000, zone ?? null)
    const [first] = lines
    if (!first) return null
    const f = formats.value
    return lines.length === 1
      ? { key: 'trust.counted.one', values: { line: f.name(first.name), entries: f.decimal(first.entries, 2), exits: f.decimal(first.exits, 2) } }
      : { key: 'trust.counted.some', values: { n: f.number(lines.length) } }
  })
}
