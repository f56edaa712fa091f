const zh = {
  reports: {
    title: '报表',
  },
}

export default zh
