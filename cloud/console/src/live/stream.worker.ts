import type { StreamWord } from './followed'
import { EVENTS, LiveStream } from './stream'

const tell = (word: StreamWord) => self.postMessage(word)
let probed = () => {}

/** The first message is the address to follow; each further one says that the page has learnt why the stream was refused. */
self.addEventListener('message', ({ data: url }: MessageEvent<string | null>) => {
  if (url == null) return probed()
  const events = Object.fromEntries(EVENTS.map(event => [event, (body: unknown) => tell({ event, body })]))
  new LiveStream(url, {
    ...(events as Record<(typeof EVENTS)[number], () => void>),
    state: state => tell({ state }),
    probe: () => new Promise(resolve => { probed = resolve; tell({ probe: true }) }),
  }).open()
})
