import { toStatus, type HeatmapAnswer, type Measure, type Status } from '../api/types'
import { STEP_SECONDS, type Buckets, type Step } from './buckets'

/** One number of all zones over a run of buckets: `values[zone * count + bucket]`. */
interface Sheet { values: Int32Array; status: Uint8Array; complete: boolean }
interface Chunk { first: number; count: number; sheets: Map<Measure, Sheet>; wanted: number }

export type AskHeatmap = (measure: Measure, from: number, to: number, step: Step, signal: AbortSignal) => Promise<HeatmapAnswer>

/** A number of one zone in one bucket; null is no data, never zero. */
export interface Cell { value: number | null; status: Status }

const LETTERS: readonly Status[] = ['complete', 'repaired', 'provisional', 'partial', 'stale', 'none']
const CODES = new Map([...'crpmsn'].map((letter, code) => [letter, code]))
const NONE = 5
const NOTHING: Cell = { value: null, status: 'none' }

/** The most that a store reads for one answer, with room to spare: windows of lines. */
const MOST_WINDOWS = 300_000
/** Buckets of a chunk where lines are few: an hour, a day, a week, a quarter. */
const CHUNK: Record<Step, number> = { '1m': 60, '15m': 96, '1h': 168, '1d': 92 }
/** Chunks kept: of 2,000 zones by the quarter hour 2.3 MB each. */
const KEPT = 60
const AT_ONCE = 3

/**
 * The heatmaps that are on screen, were, and will be: read in chunks that stand where they stand whichever range is
 * shown, so that a replay, its comparison and another range share them.
 */
export class Frames {
  readonly #row: Map<string, number>
  readonly #size: number
  readonly #chunks = new Map<number, Chunk>()
  #queue: { chunk: Chunk; measure: Measure }[] = []
  #running = 0
  readonly #abort = new AbortController()

  /** `changed` is called when numbers have come; `failed` when they could not be read, and they are not asked for again by themselves. */
  constructor(
    readonly buckets: Buckets,
    zones: readonly string[],
    lines: number,
    private readonly ask: AskHeatmap,
    private readonly now: () => number,
    private readonly events: { changed(): void; failed(error: unknown): void; came(answer: HeatmapAnswer): void },
  ) {
    this.#row = new Map(zones.map((zone, row) => [zone, row]))
    const perBucket = Math.max(1, lines) * (buckets.step === '1d' ? 24 : 1)
    this.#size = Math.max(1, Math.min(CHUNK[buckets.step], Math.floor(MOST_WINDOWS / perBucket)))
  }

  dispose() { this.#abort.abort() }

  /** Whether the numbers of a bucket are here. */
  has(measure: Measure, index: number): boolean {
    return this.#sheet(measure, index) !== undefined || this.buckets.startOf(index) >= this.now()
  }

  cell(measure: Measure, zone: string, index: number): Cell {
    const chunk = this.#chunks.get(this.#key(index))
    const sheet = chunk?.sheets.get(measure)
    const row = this.#row.get(zone)
    if (!chunk || !sheet || row === undefined) return NOTHING
    const at = row * chunk.count + index - chunk.first
    const code = sheet.status[at] ?? NONE
    return code === NONE ? NOTHING : { value: sheet.values[at]!, status: LETTERS[code]! }
  }

  /** Sees to it that these buckets come, the first ones first; what was waited for before and is not named now is not read. */
  want(indexes: Iterable<number>, measures: readonly Measure[]) {
    const queue: { chunk: Chunk; measure: Measure }[] = []
    const now = this.now()
    for (const index of indexes) {
      if (this.buckets.startOf(index) >= now) continue
      const key = this.#key(index)
      let chunk = this.#chunks.get(key)
      if (!chunk) this.#chunks.set(key, chunk = { first: key * this.#size, count: this.#size, sheets: new Map(), wanted: 0 })
      chunk.wanted = now
      for (const measure of measures) {
        if (chunk.sheets.get(measure)?.complete || queue.some(item => item.chunk === chunk && item.measure === measure)) continue
        if (!this.#asking.has(`${measure} ${chunk.first}`)) queue.push({ chunk, measure })
      }
    }
    this.#queue = queue
    this.#forget()
    this.#next()
  }

  /** Numbers since an instant may have changed: they are read again when they are wanted, and stay until then. */
  age(since: number) {
    for (const chunk of this.#chunks.values()) {
      if (this.buckets.startOf(chunk.first + chunk.count) <= since) continue
      for (const sheet of chunk.sheets.values()) sheet.complete = false
    }
  }

  readonly #asking = new Set<string>()

  #next() {
    while (this.#running < AT_ONCE) {
      const item = this.#queue.shift()
      if (!item) return
      this.#running++
      void this.#read(item.chunk, item.measure).finally(() => { this.#running--; this.#next() })
    }
  }

  async #read(chunk: Chunk, measure: Measure) {
    const name = `${measure} ${chunk.first}`
    this.#asking.add(name)
    const from = this.buckets.startOf(chunk.first)
    const to = Math.min(this.buckets.startOf(chunk.first + chunk.count), this.now())
    try {
      const answer = await this.ask(measure, from, to, this.buckets.step, this.#abort.signal)
      chunk.sheets.set(measure, this.#sheetOf(chunk, answer))
      this.events.came(answer)
      this.events.changed()
    } catch (error) {
      if (!this.#abort.signal.aborted) this.events.failed(error)
    } finally {
      this.#asking.delete(name)
    }
  }

  #sheetOf(chunk: Chunk, answer: HeatmapAnswer): Sheet {
    const { count } = chunk
    const values = new Int32Array(this.#row.size * count)
    const status = new Uint8Array(this.#row.size * count).fill(NONE)
    const offset = this.buckets.indexOf(answer.starts[0] ?? answer.from) - chunk.first
    answer.zones.forEach((zone, i) => {
      const row = this.#row.get(zone)
      if (row === undefined) return
      const at = row * count + offset
      const known = answer.values[i]!
      const trust = runs(answer.status[i]!)
      for (let b = 0; b < Math.min(known.length, count - offset); b++) {
        const value = known[b]
        if (value == null) continue
        values[at + b] = value
        status[at + b] = trust[b] ?? CODES.get('m')!
      }
    })
    return { values, status, complete: true }
  }

  #sheet(measure: Measure, index: number) { return this.#chunks.get(this.#key(index))?.sheets.get(measure) }
  #key(index: number) { return Math.floor(index / this.#size) }

  #forget() {
    if (this.#chunks.size <= KEPT) return
    const oldest = [...this.#chunks].sort(([, a], [, b]) => a.wanted - b.wanted).slice(0, this.#chunks.size - KEPT)
    for (const [key] of oldest) this.#chunks.delete(key)
  }

  /** How far ahead a chunk reaches, in seconds: to prefetch by. */
  get chunkSeconds() { return this.#size * STEP_SECONDS[this.buckets.step] }
}

/** `c94p2` as one code per bucket. A letter that this console does not know is not vouched for. */
function runs(text: string): Uint8Array {
  const parts = [...text.matchAll(/(\D)(\d+)/g)]
  const codes = new Uint8Array(parts.reduce((sum, part) => sum + Number(part[2]), 0))
  let at = 0
  for (const [, letter, length] of parts) {
    codes.fill(CODES.get(letter!) ?? 3, at, at + Number(length))
    at += Number(length)
  }
  return codes
}

/** What each bucket's number is worth, from a text of runs. */
export const statusesOf = (text: string): Status[] => [...runs(text)].map(code => toStatus(LETTERS[code]))
