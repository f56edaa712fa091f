const zh = {
  people: {
    title: '人员',
  },
}

export default zh
