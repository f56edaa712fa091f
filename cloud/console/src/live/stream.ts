import type { AlarmsEvent, CartsEvent, KiosksEvent, LiveEvent, LockersEvent } from '../api/types'

export type StreamState = 'connecting' | 'open' | 'lost'

export interface StreamHandlers {
  state(state: StreamState): void
  snapshot(event: LiveEvent): void
  zones(event: LiveEvent): void
  alarms(event: AlarmsEvent): void
  lockers(event: LockersEvent): void
  kiosks(event: KiosksEvent): void
  carts(event: CartsEvent): void
  /** What `/lines` answers has changed. */
  lines(): void
  /** Before each new attempt, to learn why the stream was refused: an EventSource does not say. */
  probe(): Promise<void>
}

/** The stream's events by name, each with its own handler. */
export const EVENTS = ['snapshot', 'zones', 'alarms', 'lockers', 'kiosks', 'carts', 'lines'] as const

/** A quiet stream says nothing for a minute at most: each minute begins with an event. Longer silence is a dead connection. */
const SILENCE_MS = 75_000
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 20_000

/**
 * The live stream with reconnection of its own: EventSource gives up for good on an HTTP error, and never notices a
 * connection that died without a word.
 */
export class LiveStream {
  #source: EventSource | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #closed = false

  constructor(
    private readonly url: string,
    private readonly handlers: StreamHandlers,
    private readonly random: () => number = Math.random,
  ) {}

  open() {
    this.#closed = false
    this.handlers.state('connecting')
    this.#connect()
  }

  close() {
    this.#closed = true
    this.#drop()
    clearTimeout(this.#retry)
  }

  #connect() {
    const source = new EventSource(this.url)
    this.#source = source
    this.#expectWord()
    for (const event of EVENTS)
      source.addEventListener(event, message => {
        if (event === 'snapshot') {
          this.#failures = 0
          this.handlers.state('open')
        }
        this.#read(message, body => this.handlers[event](body as never))
      })
    source.addEventListener('error', () => this.#lose())
  }

  #read<T>(event: MessageEvent<string>, take: (event: T) => void) {
    this.#expectWord()
    let body: T
    try {
      body = JSON.parse(event.data) as T
    } catch {
      return this.#lose()
    }
    take(body)
  }

  #expectWord() {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#lose(), SILENCE_MS)
  }

  #drop() {
    clearTimeout(this.#silence)
    this.#source?.close()
    this.#source = null
  }

  #lose() {
    if (this.#closed || !this.#source) return
    this.#drop()
    this.handlers.state('lost')
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++)
    this.#retry = setTimeout(() => {
      void this.handlers.probe().catch(() => {}).then(() => { if (!this.#closed) this.#connect() })
    }, wait * (0.5 + 0.5 * this.random()))
  }
}
