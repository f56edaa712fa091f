const zh = {
  kpis: {
    title: '指标',
  },
}

export default zh
