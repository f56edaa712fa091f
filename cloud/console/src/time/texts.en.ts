import type zh from './texts.zh'

const en: typeof zh = {
  time: {
    label: 'Time line',
    slider: 'Choose a time within the last 24 hours, in steps of 15 minutes',
    live: 'Live',
    last: 'Last seen {time}',
    backToLive: 'Back to live',
    play: 'Play',
    pause: 'Pause',
    speed: 'Speed',
    speedValue: '{n}×',
    window: '{from} – {to}',
    total: '{n} / 15 min',
    totalNone: 'no data',
    chart: 'Zone entries in the district over the last 24 hours',
  },
}

export default en
