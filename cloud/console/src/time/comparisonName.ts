import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { makeFormats } from '../locales/formats'
import { cultureOf, i18n } from '../locales/i18n'
import { readDate } from './districtTime'
import type { Comparison } from './shift'

/** What is compared with, in a few words: "a week before", "2 Mar 2026". */
export function useComparisonName(comparison: Ref<Comparison | null>): ComputedRef<string> {
  const { t } = useI18n()
  return computed(() => {
    const chosen = comparison.value
    if (chosen == null) return ''
    const date = readDate(chosen)
    const language = i18n.global.locale.value
    // A date has no zone: it is read and written in the same one.
    return date == null ? t(`compare.with.${chosen}`) : makeFormats(language, cultureOf(language), 'UTC').date(date * 86_400)
  })
}

