import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useAlarmWords } from '../alarms/words'
import { useFormats } from '../locales/formats'
import type { Battery, Completeness } from './cloud'
import { percentOf, shareOf } from './tree'

export interface DeviceWords {
  /** A length of time, s. */
  length(seconds: number): string
  /** An instant, ms since the epoch. */
  at(ms: number): string
  /** A share of readings; a dash where nobody knows how many should have come. */
  completeness(told: Completeness | null | undefined): string
  bytes(n: number): string
  /** `temperature_2_celsius` → name and unit. */
  quantity(field: string): { name: string; unit: string }
  /** What is left in a battery. */
  battery(told: Battery): string
  /** What the counts of a sensor betray. */
  sensor(code: string): string
}

const UNITS: Record<string, string> = { celsius: '°C', percent: '%', hectopascal: 'hPa', metres: 'm', lux: 'lx', volts: 'V' }

export function useDeviceWords(): ComputedRef<DeviceWords> {
  const { t, te } = useI18n()
  const formats = useFormats()
  const alarms = useAlarmWords()
  return computed(() => {
    const f = formats.value
    return {
      length: seconds => alarms.value.length(seconds * 1000),
      at: alarms.value.at,
      completeness(told) {
        const share = shareOf(told)
        return share == null ? t('numbers.unknown') : `${f.decimal(percentOf(share), 1)}%`
      },
      bytes: n => (n >= 1e9 ? `${f.decimal(n / 1e9, 1)} GB` : `${f.number(Math.round(n / 1e6))} MB`),
      quantity(field) {
        const [of, ...rest] = field.split('_')
        const unit = UNITS[rest.at(-1) ?? ''] ?? ''
        const channel = (unit ? rest.slice(0, -1) : rest).join(' ')
        const name = te(`devices.quantity.${of}`) ? t(`devices.quantity.${of}`) : of!
        return { name: channel ? `${name} ${channel}` : name, unit }
      },
      battery: ({ percent, volts }) => (percent != null ? f.percent(percent / 100) : `${f.decimal(volts ?? 0, 2)} V`),
      sensor: code => (te(`alarms.detail.${code}`) ? t(`alarms.detail.${code}`) : te(`devices.sensor.${code}`) ? t(`devices.sensor.${code}`) : code),
    }
  })
}
