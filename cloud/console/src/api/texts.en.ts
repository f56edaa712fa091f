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
    range_empty: 'The span of time is empty: its start is not before its end.',
    range_in_future: 'This time lies in the future of the service. Check the clock of this device.',
    range_too_long: 'The span of time is too long. Choose a shorter one.',
    period_invalid: 'This link names a period that does not exist. Choose another one.',
    area_unknown: 'There is no such area in this district. Choose another one.',
    refused: 'The server did not accept this request.',
  },
}

export default en
