import type zh from './texts.zh'

const en: typeof zh = {
  legend: {
    per: { '1m': 'Entries / min', '15m': 'Entries / 15 min', '1h': 'Entries / hour', '1d': 'Entries / day' },
    none: 'No data',
    zero: '0',
    last: '{from}+',
    fixed: 'One scale for live and replay',
    classLabel: '{from} to {to}',
  },
  map: {
    title: 'Live map',
    label: 'Map of the district. Colour shows the number of entries; the list of zones gives the same numbers.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Show the whole district',
    metres: '{n} m',
    kilometres: '{n} km',
    unknownZone: 'There is no zone "{zone}". It may have been renamed or removed: choose another in the list.',
    noZonesTitle: 'This district has no zones yet',
    noZonesText: 'Add zones under “zones” in the district file, then restart the cloud service.',
    loading: 'Reading the district…',
  },
}

export default en
