import { createI18n } from 'vue-i18n'
import en from './en'
import zh, { type Messages } from './zh'

export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEY = 'smartdistrict.language'
const isLanguage = (text: unknown): text is Language => LANGUAGES.includes(text as Language)

/** The link's language, else the one chosen before, else the browser's first that we speak, else 中文. */
export function firstLanguage(query: string, stored: string | null, browser: readonly string[]): Language {
  const linked = new URLSearchParams(query).get('lang')
  if (isLanguage(linked)) return linked
  if (isLanguage(stored)) return stored
  return browser.map(tag => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'zh'
}

export const i18n = createI18n<[Messages], Language, false>({
  legacy: false,
  locale: firstLanguage(location.search, localStorage.getItem(KEY), navigator.languages),
  fallbackLocale: 'zh',
  messages: { zh, en },
})

export function chooseLanguage(language: Language) {
  i18n.global.locale.value = language
  localStorage.setItem(KEY, language)
}

/** The culture of dates and numbers: the browser's own region of the language if it has one. */
export function cultureOf(language: Language, browser: readonly string[] = navigator.languages): string {
  return browser.find(tag => tag.toLowerCase().startsWith(`${language}-`)) ?? (language === 'zh' ? 'zh-CN' : 'en-GB')
}
