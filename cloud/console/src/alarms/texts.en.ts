import type zh from './texts.zh'

const en: typeof zh = {
  alarms: {
    title: 'Alarms',
  },
}

export default en
