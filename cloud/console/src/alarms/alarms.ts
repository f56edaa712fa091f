import type { components } from '../api/generated'

type Schemas = components['schemas']

export type Alarm = Schemas['AlarmInfo']
export type AlarmPage = Schemas['AlarmPage']
export type AlarmStory = Schemas['AlarmStory']
export type AlarmEvent = Schemas['AlarmEvent']
export type AlarmRule = Schemas['AlarmRuleInfo']
export type AlarmRuleState = Schemas['AlarmRuleState']
export type AlarmSetting = Schemas['AlarmSettingInfo']
export type Webhook = Schemas['WebhookInfo']
export type WebhookMade = Schemas['WebhookMade']
export type DeliveryPage = Schemas['DeliveryPage']

/** As the API names them, in the order in which they are shown. */
export const KINDS = ['density', 'occupancy', 'store', 'silent_gateway', 'silent_device', 'sensor', 'battery', 'clock', 'backlog', 'runway', 'disk', 'locker_forced', 'kiosk_offline', 'cart_stopped', 'cart_lost'] as const

/** So many alarms of one kind at one gateway are shown as one row. */
const TOGETHER = 6

/** A row of the list: an alarm, or several as one. */
export type Row =
  | { type: 'alarm'; key: string; alarm: Alarm; depth: number; open: boolean }
  | { type: 'group'; key: string; first: Alarm; alarms: Alarm[]; cause: Alarm['cause']; gateway: string | null; open: boolean }

const groupOf = (alarm: Alarm) =>
  alarm.cause ? `cause-${alarm.cause.id}` : `kind-${alarm.kind}-${alarm.severity}-${alarm.subject.gateway ?? ''}`

/**
 * The rows of a list of alarms, in its order: alarms that a cause has left behind, or many of one kind, stand together
 * where the first of them stood; beneath a row that is open, what it stands for.
 */
export function rowsOf(alarms: readonly Alarm[], open: ReadonlySet<string>, beneath: ReadonlyMap<number, readonly Alarm[]>, together: boolean): Row[] {
  const groups = new Map<string, Alarm[]>()
  if (together) for (const alarm of alarms) groups.set(groupOf(alarm), [...(groups.get(groupOf(alarm)) ?? []), alarm])
  const rows: Row[] = []
  const single = (alarm: Alarm, depth: number) => {
    const key = `alarm-${alarm.id}`
    rows.push({ type: 'alarm', key, alarm, depth, open: open.has(key) })
    if (open.has(key)) for (const below of beneath.get(alarm.id) ?? []) single(below, depth + 1)
  }
  const done = new Set<string>()
  for (const alarm of alarms) {
    const key = groupOf(alarm)
    const group = groups.get(key) ?? []
    if (group.length < (alarm.cause ? 2 : TOGETHER)) {
      single(alarm, 0)
      continue
    }
    if (done.has(key)) continue
    done.add(key)
    rows.push({ type: 'group', key, first: group[0]!, alarms: group, cause: alarm.cause, gateway: alarm.subject.gateway, open: open.has(key) })
    if (open.has(key)) for (const each of group) single(each, 1)
  }
  return rows
}

/** The alarms that a person can still act on at once. */
export const unacknowledged = (alarms: readonly Alarm[]) => alarms.filter(alarm => alarm.cleared == null && alarm.acknowledged == null)
