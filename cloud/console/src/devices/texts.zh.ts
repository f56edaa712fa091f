const zh = {
  devices: {
    title: '设备',
  },
}

export default zh
