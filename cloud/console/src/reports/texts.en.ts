import type zh from './texts.zh'

const en: typeof zh = {
  reports: {
    title: 'Reports',
  },
}

export default en
