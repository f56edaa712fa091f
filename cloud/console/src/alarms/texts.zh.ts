const zh = {
  alarms: {
    title: '告警',
  },
}

export default zh
