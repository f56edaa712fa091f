const zh = {
  history: {
    title: '历史',
  },
}

export default zh
