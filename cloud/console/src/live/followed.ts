import type { EVENTS, StreamHandlers, StreamState } from './stream'

/** From the thread that follows the stream. */
export type StreamWord = { event: (typeof EVENTS)[number]; body: unknown } | { state: StreamState } | { probe: true }

/** How long a thread that could not be started is left alone. */
const REST_MS = 10_000

/** Follows the live stream in a thread of its own: reading some hundred zones four times a second would make frames late. Returns what ends it. */
export function followStream(url: string, handlers: StreamHandlers): () => void {
  let end = () => {}
  const start = () => {
    const worker = new Worker(new URL('./stream.worker.ts', import.meta.url), { type: 'module', name: 'live stream' })
    end = () => worker.terminate()
    worker.addEventListener('message', ({ data }: MessageEvent<StreamWord>) => {
      if ('state' in data) handlers.state(data.state)
      else if ('event' in data) handlers[data.event](data.body as never)
      else void handlers.probe().finally(() => worker.postMessage(null))
    })
    worker.addEventListener('error', () => {
      worker.terminate()
      handlers.state('lost')
      const again = setTimeout(start, REST_MS)
      end = () => clearTimeout(again)
    })
    worker.postMessage(new URL(url, location.href).href)
  }
  start()
  return () => end()
}
