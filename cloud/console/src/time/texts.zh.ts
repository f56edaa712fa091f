const zh = {
  time: {
    label: '时间轴',
    slider: '选择时间，最近 24 小时，每格 15 分钟',
    live: '实时',
    last: '最后 {time}',
    backToLive: '回到实时',
    play: '播放',
    pause: '暂停',
    speed: '速度',
    speedValue: '{n}×',
    window: '{from} – {to}',
    total: '{n} 人次 / 15 分钟',
    totalNone: '无数据',
    chart: '最近 24 小时全商圈进入人次',
  },
}

export default zh
