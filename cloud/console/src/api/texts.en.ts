import type zh from './texts.zh'

const en: typeof zh = {
  problem: {
    unreachable: 'The cloud service cannot be reached. Check the network, and that the service runs.',
    not_signed_in: 'Your sign-in has expired. Sign in again.',
    forbidden: 'You may not do this. Ask an administrator for the right.',
    too_many_attempts: 'Too many attempts. Wait a minute, then try again.',
    not_found: 'Not found. It may have been renamed or removed.',
    unavailable: 'The cloud service cannot answer at the moment. What is on screen stays; try again shortly.',
    internal_error: 'Something went wrong in the cloud service. What is on screen stays; its log tells more.',
    store_unavailable: 'The time-series store does not answer, so no data can be read. Check that it runs, its address and its token.',
    store_slow: 'The time-series store takes more than 20 s to say what has changed. Look at its load.',
    store_fault: 'A fault of the cloud service keeps it from reading its store. Its log tells more.',
    influx_unreachable: 'InfluxDB cannot be reached. Check that it runs, and Cloud:Influx:Url.',
    influx_timeout: 'InfluxDB has not answered in time. Choose a shorter span, or look at its load.',
    influx_unauthorized: 'InfluxDB refuses the cloud service. Mend its user and password, or its token, in Cloud:Influx.',
    influx_not_found: 'InfluxDB has no such database. Mend Cloud:Influx:Database; 2.x needs a DBRP mapping, too.',
    influx_failed: 'InfluxDB answers with an error instead of data. Its log tells more.',
    influx_answer: 'What answers is not an InfluxDB, or its answer was cut short. Check Cloud:Influx:Url.',
    calendar_full: 'The calendar is full. Remove old entries first.',
    entry_unknown: 'The calendar has no such entry: somebody may have removed it.',
    range_empty: 'The span of time is empty: its start is not before its end.',
    range_in_future: 'This time lies in the future of the service. Check the clock of this device.',
    range_too_long: 'The span of time is too long. Choose a shorter one.',
    period_invalid: 'This link names a period that does not exist. Choose another one.',
    area_unknown: 'There is no such area in this district. Choose another one.',
    refused: 'The server did not accept this request.',
  },
}

export default en
