const zh = {
  problem: {
    unreachable: '连不上云服务。请检查网络，并确认服务在运行。',
    not_signed_in: '登录已过期，请重新登录。',
    forbidden: '没有这项权限，请联系管理员。',
    too_many_attempts: '尝试太频繁。请稍等一分钟再试。',
    not_found: '没有找到。它可能已改名或撤除。',
    unavailable: '云服务暂时不能回答。已有的画面会保留，请稍后再试。',
    internal_error: '云服务内部出错。已有的画面会保留，详情见服务日志。',
    store_unavailable: '时序库没有应答，暂时读不到数据。请检查它是否在运行、地址与令牌是否正确。',
    range_empty: '时间范围是空的：开始不早于结束。',
    range_in_future: '这个时间在云服务看来是未来。请检查本机时钟。',
    range_too_long: '时间范围太长，请选短一些。',
    period_invalid: '链接里的时段不存在，请另选一个。',
    area_unknown: '本商圈没有这个区域，请另选一个。',
    refused: '服务器没有接受这个请求。',
  },
}

export default zh
