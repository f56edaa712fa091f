import type zh from './texts.zh'

const en: typeof zh = {
  reports: {
    title: 'Reports',
    kind: { day: 'Daily report', week: 'Weekly report', month: 'Monthly report', year: 'Yearly report', hour: 'Hourly report' },
    span: '{from} – {to} ({zone})',
    madeAt: 'Made {time}',
    provisional: 'Provisional: until {time}, late readings may still change these numbers.',
    final: 'Final: late readings can no longer change these numbers.',
    small: 'Fewer than {n} people are shown as *, and so are numbers from which one could be had by subtraction: {rows} rows.',
    smallNone: 'Fewer than {n} people would be shown as *: there is none in this report.',
    asCounted: 'No counting line has a calibration factor: the numbers are as counted.',
    corrected: 'What these lines counted is corrected by calibration factors: {lines}.',
    factor: '{line} (entries × {entries}, exits × {exits})',
    more: '{n} more',
    capture: 'Capture rate = {definition}',
    download: 'Download',
    pdf: 'PDF',
    xlsx: 'Excel',
    csvAreas: 'CSV: areas',
    csvOverTime: 'CSV: over time',
    overTime: 'Over time: {name}',
    step: 'Time',
    exportTitle: 'Details for analysts',
    exportText: 'Every window of every counting line in this period (CSV): its trust, readings expected and received, completeness, calibration factors and revision. A window that nobody wrote is marked none and has no counts. Windows with too few people are kept back.',
    export15m: 'By 15 minutes',
    export1h: 'By hour',
  },
}

export default en
