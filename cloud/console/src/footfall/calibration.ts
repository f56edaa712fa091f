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

/** A zone, several as one, or the district; at an instant or for a time, s since the Unix epoch. */
export interface When { zone?: string | readonly string[] | null; /** Now where it is left out. */ at?: number | null; /** The end, of a number of some length. */ until?: number | null }

/** What of `dated` is in force at some instant of [at, until). */
function inForce<T extends { since: string }>(dated: readonly T[], at: number, until: number) {
  const starts = dated.map(({ since }) => Date.parse(since) / 1000)
  return dated.flatMap((each, i) => {
    const [from, to] = [Math.max(at, starts[i]!), Math.min(until, starts[i + 1] ?? Infinity)]
    return from < to ? [{ each, from, to }] : []
  })
}

/** The lines of a zone, or of the district, with a factor in force; of several the newest. */
export function calibratedAt({ features }: LineCollection, at: number, zone: string | readonly string[] | null, until = at + 1): Calibrated[] {
  const zones = zone == null ? null : [zone].flat()
  return features.flatMap(({ properties: { name, joins, calibration } }) => {
    const factors = inForce(calibration, at, until).filter(({ each }) => each.entries !== 1 || each.exits !== 1)
    const places = factors.length ? inForce(joins, at, until).filter(({ each }) => !zones || zones.includes(each.from) || zones.includes(each.to)) : []
    const factor = factors.findLast(({ from, to }) => places.some(place => place.from < to && from < place.to))
    return factor ? [{ name, entries: factor.each.entries, exits: factor.each.exits }] : []
  })
}

function useCalibrated(): ComputedRef<((when: When) => Calibrated[]) | null> {
  const plan = inject(frameKey, null)?.plan
  return computed(() => {
    const all = plan?.value?.lines
    // Most lines have no factor, and a list asks for each of its rows once a second.
    const lines = all && { ...all, features: all.features.filter(({ properties }) => properties.calibration.length) }
    return lines ? ({ zone, at, until }: When) => { const from = at ?? Date.now() / 1000; return calibratedAt(lines, from, zone ?? null, until ?? from + 1) } : null
  })
}

/** For lists: whether a zone's number is as counted while numbers and reports correct it. */
export function useCountedZones(): ComputedRef<(when: When) => boolean> {
  const calibrated = useCalibrated()
  return computed(() => { const of = calibrated.value; return when => of != null && of(when).length > 0 })
}

export interface CountedWords { key: string; values: Record<string, string | number> }

/**
 * Maps, flows and history show what was counted; numbers and reports correct it. The words that say so where a factor is in
 * force, null where none is: there both are the same number.
 */
export function useCounted(when: () => When): ComputedRef<CountedWords | null> {
  const calibrated = useCalibrated()
  const formats = useFormats()
  return computed((): CountedWords | null => {
    const lines = calibrated.value?.(when()) ?? []
    const [first] = lines
    if (!first) return null
    const f = formats.value
    return lines.length === 1
      ? { key: 'trust.counted.one', values: { line: f.name(first.name), entries: f.decimal(first.entries, 2), exits: f.decimal(first.exits, 2) } }
      : { key: 'trust.counted.some', values: { n: f.number(lines.length) } }
  })
}
