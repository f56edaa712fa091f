import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { serverNow } from '../api/client'
import { useFormats } from '../locales/formats'
import type { Alarm, AlarmEvent } from './alarms'

/** Alarms in the language on screen: the API says codes and figures, this says them. */
export interface AlarmWords {
  kind(kind: string): string
  severity(severity: string): string
  name(subject: Alarm['subject']): string
  title(alarm: Pick<Alarm, 'kind' | 'subject'>): string
  why(alarm: Alarm): string
  next(kind: string): string
  event(event: AlarmEvent): string
  /** A figure or threshold in its unit. */
  measure(n: number, unit: string): string
  /** A length of time, ms. */
  length(ms: number): string
  /** An instant, ms since the epoch: the time of day, with its day unless that is today. */
  at(ms: number): string
}

const STEPS = [[86_400, 'alarms.time.days', 2], [3600, 'alarms.time.hours', 2], [60, 'alarms.time.minutes', 2], [1, 'alarms.time.seconds', 0]] as const

export function useAlarmWords(): ComputedRef<AlarmWords> {
  const { t, te } = useI18n()
  const formats = useFormats()

  return computed(() => {
    const f = formats.value
    const text = (key: string, otherwise: string) => (te(key) ? t(key) : otherwise)

    function length(ms: number) {
      const seconds = Math.max(0, Math.round(ms / 1000))
      // Two hours are "120 min" no longer: the unit changes where its number would have lost half its digits.
      const [unit, key] = STEPS.find(([of, , least]) => seconds >= of * least)!
      return t(key, { n: f.number(Math.floor(seconds / unit)) })
    }

    function measure(n: number, unit: string) {
      if (unit === 'people/m2') return t('alarms.unit.density', { n: f.decimal(n, 2) })
      if (unit === '%') return f.percent(n / 100)
      if (unit === 's') return length(n * 1000)
      if (unit === 'points') return t('alarms.unit.points', { n: f.number(Math.round(n)) })
      if (unit === 'MB') return `${f.number(Math.round(n))} MB`
      if (unit === 'h') return t('alarms.unit.hours', { n: f.decimal(n, n < 10 && n % 1 ? 1 : 0) })
      return f.number(n)
    }

    function why(alarm: Alarm) {
      const { figure, threshold, unit } = alarm
      if (alarm.kind === 'locker_forced' && alarm.detail) return t('alarms.why.compartments', { n: alarm.detail })
      if (threshold == null) return text(`alarms.detail.${alarm.detail}`, text(`alarms.detail.${alarm.kind}`, alarm.detail ?? ''))
      const limit = measure(threshold, unit)
      // How long a silence was in the end is not kept: the newest figure is of what broke it.
      if (alarm.cleared != null && unit === 's') return t('alarms.why.wasSilent', { threshold: limit })
      if (alarm.cleared != null) return t('alarms.why.was', { figure: measure(alarm.worst ?? figure ?? threshold, unit), threshold: limit })
      if (figure == null) return t('alarms.why.unknown', { threshold: limit })
      const key = unit === 's' ? 'alarms.why.silence' : unit === 'h' || unit === 'MB' || alarm.kind === 'battery' ? 'alarms.why.below' : 'alarms.why.above'
      return t(key, { figure: measure(figure, unit), threshold: limit })
    }

    function event({ what, by, text: said }: AlarmEvent) {
      const who = by ?? ''
      if (what === 'assigned') return said ? t('alarms.event.assigned', { who, text: said }) : t('alarms.event.unassigned', { who })
      if (what === 'muted') return t('alarms.event.muted', { who, text: at(Number(said)) })
      if (what === 'unmuted') return by ? t('alarms.event.unmuted', { who }) : t('alarms.event.unmutedItself')
      if (what === 'cleared' && said) return t(said === 'off' ? 'alarms.event.clearedOff' : 'alarms.event.clearedRemoved')
      return t(`alarms.event.${what}`, { who, text: said ?? '' })
    }

    function at(ms: number) {
      const [day, today] = [f.day(ms / 1000), f.day(serverNow() / 1000)]
      return day === today ? f.clock(ms / 1000) : `${day} ${f.clock(ms / 1000)}`
    }

    const name = (subject: Alarm['subject']) => f.name(subject.name)
    const kind = (word: string) => text(`alarms.kind.${word}`, word)
    return {
      kind, name, why, event, measure, length, at,
      severity: severity => t(`alarms.severity.${severity}`),
      title: alarm => t('alarms.list.of', { kind: kind(alarm.kind), name: name(alarm.subject) }),
      next: word => text(`alarms.next.${word}`, ''),
    }
  })
}
