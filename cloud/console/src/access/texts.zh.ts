const zh = {
  session: {
    title: '登录',
    lead: '输入访问码，查看商圈此刻的客流。',
    code: '访问码',
    submit: '登录',
    submitting: '正在登录…',
    where: '访问码在云服务首次启动的日志里，也保存在数据目录的 access-code 文件中。',
    required: '请输入访问码。',
    returning: '登录后会回到原来的画面。',
    signOut: '退出登录',
  },
}

export default zh
