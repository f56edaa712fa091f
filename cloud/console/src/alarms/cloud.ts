import { get, send } from '../api/client'
import type { Alarm, AlarmPage, AlarmRule, AlarmSetting, AlarmStory, DeliveryPage, Webhook, WebhookMade } from './alarms'

const alarm = (id: number) => `/api/v1/alarms/${id}`
const rule = (kind: string, subject: string | null) => `/api/v1/alarms/rules/${kind}${subject ? `/${encodeURIComponent(subject)}` : ''}`
const webhook = (id: number) => `/api/v1/alarms/webhooks/${id}`

/** The calls of this room. */
export const alarmCloud = {
  page: (query: Record<string, string>, signal?: AbortSignal) => get<AlarmPage>('/api/v1/alarms', query, signal),
  beneath: (cause: number, signal?: AbortSignal) => get<AlarmPage>('/api/v1/alarms', { cause: String(cause), limit: '1000' }, signal),
  story: (id: number, signal?: AbortSignal) => get<AlarmStory>(alarm(id), {}, signal),
  acknowledge: (alarms: readonly Alarm[]) => send('POST', '/api/v1/alarms/acknowledge', { alarms: alarms.map(each => each.id) }),
  assign: (id: number, assignee: string | null) => send('PUT', `${alarm(id)}/assignee`, { assignee }),
  comment: (id: number, text: string) => send('POST', `${alarm(id)}/comments`, { text }),
  mute: (id: number, until: number) => send('PUT', `${alarm(id)}/mute`, { until }),
  unmute: (id: number) => send('DELETE', `${alarm(id)}/mute`),
  rules: (signal?: AbortSignal) => get<AlarmRule[]>('/api/v1/alarms/rules', {}, signal),
  setRule: (kind: string, subject: string | null, setting: AlarmSetting) => send('PUT', rule(kind, subject), setting),
  resetRule: (kind: string, subject: string | null) => send('DELETE', rule(kind, subject)),
  webhooks: (signal?: AbortSignal) => get<Webhook[]>('/api/v1/alarms/webhooks', {}, signal),
  addWebhook: async (body: { name: string; url: string; least: string }) =>
    (await (await send('POST', '/api/v1/alarms/webhooks', body)).json()) as WebhookMade,
  removeWebhook: (id: number) => send('DELETE', webhook(id)),
  testWebhook: (id: number) => send('POST', `${webhook(id)}/test`),
  retryWebhook: (id: number) => send('POST', `${webhook(id)}/retry`),
  deliveries: (id: number, signal?: AbortSignal) => get<DeliveryPage>(`${webhook(id)}/deliveries`, {}, signal),
}
