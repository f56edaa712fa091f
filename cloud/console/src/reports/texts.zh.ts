const zh = {
  reports: {
    title: '报表',
    kind: { day: '日报', week: '周报', month: '月报', year: '年报', hour: '时报' },
    span: '{from} – {to}（{zone}）',
    madeAt: '生成于 {time}',
    provisional: '暂定：{time} 之前，迟到的读数仍可能修改这些数字。',
    final: '定稿：已过迟到期限，数字不再变化。',
    small: '少于 {n} 的人数以 * 代替；可由相减推出它们的数也以 * 代替，共 {rows} 行。',
    smallNone: '少于 {n} 的人数会以 * 代替；本报表中没有。',
    capture: '进店率 = {definition}',
    download: '下载',
    pdf: 'PDF',
    xlsx: 'Excel',
    csvAreas: 'CSV：各区域',
    csvOverTime: 'CSV：随时间变化',
    overTime: '随时间变化：{name}',
    step: '时段',
    exportTitle: '供分析的明细',
    exportText: '所选时段内每条计数线的每个窗口（CSV），含可信度、应到与实到读数、完整率、校正系数和修订号。没有人写入的窗口标为 none，人数留空。人数太少的窗口不给出。',
    export15m: '15 分钟明细',
    export1h: '1 小时明细',
  },
}

export default zh
