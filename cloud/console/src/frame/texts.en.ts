import type zh from './texts.zh'

const en: typeof zh = {
  app: { product: 'SmartDistrict', title: '{page} · {district}', skip: 'Skip to the content' },
  frame: {
    sections: 'Main',
    more: 'More',
    language: 'Language',
    theme: 'Colours',
    themeLight: 'Light',
    themeDark: 'Dark',
    themeSystem: 'As the system',
    districtTime: 'District time ({zone})',
  },
  connection: {
    label: 'Live connection',
    connecting: 'Connecting',
    live: 'Live',
    lag: '{lag} behind',
    stale: 'Disconnected',
    staleSince: 'nothing new since {time}',
  },
  state: {
    errorTitle: 'The district cannot be shown now',
    loading: 'Reading…',
    failedTitle: 'This page cannot be read now',
    oldTitle: 'Showing what was read at {time}.',
    ready: 'Loaded',
    retry: 'Try again',
    retryIn: 'trying again in {n} s',
    serverSays: 'The server says',
    staleTitle: 'Live connection lost',
    staleText: 'Showing the last picture, from {time}. Reconnecting.',
    emptyTitle: 'No readings yet',
    emptyText: 'The zones are ready and wait for their first readings. See that the gateway runs and the devices have power; smartdistrict-edge check tests the configuration.',
    emptyReplay: 'No zone has data for this time.',
    notFoundTitle: 'There is no such page',
    notFoundText: 'The address may be mistyped, or the page has moved.',
    toMap: 'Go to the live map',
  },
}

export default en
