/** The mock's own time: a busy Friday evening in the district, running on from when the server started. */
const BEGIN = Date.parse('2026-06-12T19:38:12+08:00')
const started = Date.now()

export const now = () => BEGIN + Date.now() - started
