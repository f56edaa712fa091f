import type zh from './texts.zh'

const en: typeof zh = {
  devices: {
    title: 'Devices',
  },
}

export default en
