const DAY = 86_400
const QUARTER = 900

/**
 * The district's own time: its IANA zone and the reset at which a business day begins. A local time is written as the
 * seconds that a clock in UTC would have when it shows the same ("local seconds"), so that weeks and days are plain sums.
 */
export class DistrictTime {
  readonly #format: Intl.DateTimeFormat
  readonly #offsets = new Map<number, number>()
  readonly #days = new Map<number, number>()

  /** `reset`: HH:mm, when the business day begins. */
  constructor(readonly zone: string, reset: string) {
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    })
    const [hour, minute] = reset.split(':').map(Number)
    this.reset = (hour ?? 0) * 3600 + (minute ?? 0) * 60
  }

  readonly reset: number

  /** Seconds by which the clocks are ahead of UTC at an instant. */
  offsetAt(instant: number): number {
    const day = Math.floor(instant / DAY)
    const [before, after] = [this.#offset(day * DAY), this.#offset((day + 1) * DAY)]
    // No zone changes its clocks twice within a day.
    return before === after ? before : this.#offset(Math.floor(instant / QUARTER) * QUARTER)
  }

  local(instant: number): number { return instant + this.offsetAt(instant) }

  /** The instant of a local time. One that the clocks show twice is the first of the two; one that they skip, the first instant after it. */
  instant(local: number): number {
    const [early, late] = this.#candidates(local)
    if (this.local(early) === local) return early
    if (this.local(late) === local) return late
    let [low, high] = [early, late]
    while (high - low > 60) {
      const middle = low + Math.floor((high - low) / 120) * 60
      if (this.local(middle) < local) low = middle
      else high = middle
    }
    return high
  }

  /** Whether the clocks ever show this local time. */
  exists(local: number): boolean {
    return this.#candidates(local).some(instant => this.local(instant) === local)
  }

  /** Start of the business day of a date; a date is days since 1970-01-01. */
  startOfDay(date: number): number {
    let start = this.#days.get(date)
    if (start === undefined) this.#days.set(date, start = this.instant(date * DAY + this.reset))
    return start
  }

  /** The date of the business day that holds an instant. */
  dateAt(instant: number): number {
    let date = Math.floor(this.local(instant) / DAY) + 1
    while (this.startOfDay(date) > instant) date--
    return date
  }

  #candidates(local: number): [number, number] {
    const [a, b] = [local - this.offsetAt(local - DAY), local - this.offsetAt(local + DAY)]
    return a < b ? [a, b] : [b, a]
  }

  #offset(instant: number): number {
    let offset = this.#offsets.get(instant)
    if (offset === undefined) {
      const part = Object.fromEntries(this.#format.formatToParts(instant * 1000).map(({ type, value }) => [type, Number(value)]))
      offset = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!) / 1000 - instant
      this.#offsets.set(instant, offset)
    }
    return offset
  }
}

/** `2026-03-02` ↔ days since 1970-01-01. */
export const dateText = (date: number) => new Date(date * DAY * 1000).toISOString().slice(0, 10)

export function readDate(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const date = Date.parse(`${text}T00:00Z`) / 1000 / DAY
  // 2026-02-30 is no date, though some engines read it.
  return Number.isFinite(date) && dateText(date) === text ? date : null
}

/** `2026-03-02T08:30` ↔ local seconds. */
export const localText = (local: number) => new Date(local * 1000).toISOString().slice(0, 16)

export function readLocal(text: string): number | null {
  const [date, time] = [readDate(text.slice(0, 10)), /^T([01]\d|2[0-3]):([0-5]\d)$/.exec(text.slice(10))]
  return date == null || !time ? null : date * DAY + Number(time[1]) * 3600 + Number(time[2]) * 60
}

/** 0 = Monday. */
export const weekdayOf = (date: number) => (((date + 3) % 7) + 7) % 7
