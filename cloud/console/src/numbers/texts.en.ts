import type zh from './texts.zh'

const en: typeof zh = {
  kpis: {
    title: 'Numbers',
  },
}

export default en
