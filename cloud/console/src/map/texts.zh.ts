const zh = {
  legend: {
    per: { '1m': '进入人次 / 1 分钟', '15m': '进入人次 / 15 分钟', '1h': '进入人次 / 小时', '1d': '进入人次 / 天' },
    none: '无数据',
    zero: '0',
    last: '{from}+',
    fixed: '刻度固定，回放与实时一致',
    classLabel: '{from} 至 {to}',
  },
  map: {
    title: '实时地图',
    label: '商圈地图。区域颜色表示进入人次；右侧列表提供同样的数字。',
    zoomIn: '放大',
    zoomOut: '缩小',
    fit: '显示整个商圈',
    metres: '{n} 米',
    kilometres: '{n} 公里',
    unknownZone: '没有编号为「{zone}」的区域。可能已改名或撤除，请在列表中另选。',
    noZonesTitle: '这个商圈还没有区域',
    noZonesText: '在商圈配置文件的 zones 下加入区域，然后重启云服务。',
    loading: '正在读取商圈…',
  },
}

export default zh
