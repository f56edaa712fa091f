import type { HeatmapAnswer, Measure, TotalAnswer } from '../api/types'
import type { DistrictPlan } from '../district/useDistrict'
import { bucketsOf, type Step } from './buckets'
import { DistrictTime } from './districtTime'

/** What a zone had, for tests: the same number for the same zone, measure and bucket. Null is no data. */
export type Truth = (zone: string, start: number, measure: Measure) => number | null

export const ZONES = ['plaza', 'hall', 'gate']

export const planOf = (timeZone = 'Asia/Shanghai') => ({
  district: { timeZone, occupancyReset: '04:00' },
  zones: { features: ZONES.map(id => ({ id, properties: {} })) },
  lines: { features: [{}, {}, {}, {}] },
}) as unknown as DistrictPlan

/** The cloud's two answers about the past, made of a truth. */
export function cloudOf(truth: Truth, timeZone = 'Asia/Shanghai') {
  const time = new DistrictTime(timeZone, '04:00')
  const startsOf = (from: number, to: number, step: Step) => {
    const buckets = bucketsOf(step, time)
    const starts: number[] = []
    for (let index = buckets.indexOf(from); buckets.startOf(index) < to; index++) starts.push(buckets.startOf(index))
    return starts
  }
  const letters = (values: (number | null)[]) => values.map(value => (value == null ? 'n1' : 'c1')).join('')
  return {
    heatmap: (measure: Measure, from: number, to: number, step: Step): Promise<HeatmapAnswer> => {
      const starts = startsOf(from, to, step)
      const values = ZONES.map(zone => starts.map(start => truth(zone, start, measure)))
      return Promise.resolve({ measure, bucket: step, from: starts[0]!, to, starts, zones: ZONES, values, status: values.map(letters), stale: null })
    },
    total: (measure: Measure, from: number, to: number, step: Step, zone: string | null): Promise<TotalAnswer> => {
      const starts = startsOf(from, to, step)
      const all = (zone ? [zone] : ZONES).map(id => starts.map(start => truth(id, start, measure)))
      const values = starts.map((_, i) => all.reduce<number | null>((sum, row) => (row[i] == null ? sum : (sum ?? 0) + row[i]), null))
      const known = all.flat().filter(value => value != null)
      return Promise.resolve({
        measure, bucket: step, from: starts[0]!, to, starts, values, status: letters(values),
        zonesWithData: starts.map((_, i) => all.filter(row => row[i] != null).length), zones: all.length, reach: Math.max(0, ...known), stale: null,
      })
    },
  }
}
