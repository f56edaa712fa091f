import type zh from './texts.zh'

const en: typeof zh = {
  history: {
    title: 'History',
  },
}

export default en
