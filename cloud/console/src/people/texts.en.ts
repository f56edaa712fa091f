import type zh from './texts.zh'

const en: typeof zh = {
  people: {
    title: 'People',
  },
}

export default en
