const KEPT = 60
const SHARE = 0.9

/** The lag that nine of ten recent zone events kept below: steady enough to read, and not flattered. */
export class RecentLag {
  #recent: number[] = []

  add(lags: readonly number[]): number | null {
    this.#recent = [...this.#recent, ...lags].slice(-KEPT)
    const sorted = [...this.#recent].sort((a, b) => a - b)
    return sorted[Math.floor((sorted.length - 1) * SHARE)] ?? null
  }
}
