import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'vue/compiler-sfc'
import { describe, expect, it } from 'vitest'
import en from './en'
import { makeFormats } from './formats'
import { cultureOf, firstLanguage, i18n, LANGUAGES } from './i18n'
import zh from './zh'

type Tree = { [key: string]: string | Tree }

const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flat(value, `${path}${key}.`)))
const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(match => match[1]).sort()

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => /\.(vue|ts)$/.test(file) && !/\.test\.ts$|locales.(zh|en)\.ts|texts\.(zh|en)\.ts|generated/.test(file)).map(file => ({ file, text: readFileSync(join('src', file), 'utf8') }))

describe('the resource files', () => {
  const [chinese, english] = [new Map(flat(zh)), new Map(flat(en))]

  it('have the same keys', () => expect([...english.keys()]).toEqual([...chinese.keys()]))

  it('have the same slots in each text', () => {
    for (const [key, text] of chinese) expect(slots(english.get(key)!), key).toEqual(slots(text))
  })

  it('have no text whose signs mean something else to the reader of resources', () => {
    for (const key of chinese.keys()) expect(() => [...LANGUAGES].map(locale => i18n.global.t(key, {}, { locale })), key).not.toThrow()
  })

  it('leave no text empty or untranslated', () => {
    // Signs, slots and the names of things are the same in both.
    const letters = (text: string) => text.replace(/\{\w+\}/g, '').replace(/SmartDistrict|OpenID Connect|CSV|Excel|PDF|Parquet|YAML|JSON|API|URL|Webhook/g, '').match(/\p{L}/u)
    for (const [key, text] of chinese) {
      expect(text.trim(), key).not.toBe('')
      if (letters(text)) expect(english.get(key), key).not.toBe(text)
    }
  })

  it('have each text that the console asks for, and no text that nobody asks for', () => {
    const all = sources.map(source => source.text.replace(/ :\w+="[\w.]+"/g, '')).join('\n')
    const asked = [...all.matchAll(/['"`]([a-z]+(?:\.\w+)+)['"`]/g)].map(match => match[1]!).filter(key => key.split('.')[0]! in zh && !/\.(vue|ts|css|svg)$/.test(key))
    for (const key of asked) expect(chinese.has(key), key).toBe(true)
    // Some are asked for by a key made of the API's word: `trust.${trust}.label`.
    const made = [...all.matchAll(/`([a-z]+(?:\.\w+)*\.)\$\{/g)].map(match => match[1]!)
    for (const key of chinese.keys()) if (!made.some(start => key.startsWith(start))) expect(asked, key).toContain(key)
  })
})

describe('templates', () => {
  it.each(sources.filter(({ file }) => file.endsWith('.vue')))('$file has no text of its own', ({ text }) => {
    const template = parse(text).descriptor.template?.content ?? ''
    const bare = template.replace(/<!--[\s\S]*?-->/g, '').replace(/\{\{[\s\S]*?\}\}/g, '').replace(/<(?:"[^"]*"|[^">])*>/g, '')
    expect(bare.match(/[\p{L}]+/gu) ?? []).toEqual([])
    expect(template.match(/\s(?:title|aria-label|placeholder|alt)="[^"]+"/g) ?? []).toEqual([])
    expect(text.match(/[\u3000-\u9fff]/g)?.filter(c => !'中文'.includes(c)) ?? []).toEqual([])
  })
})

describe('the language', () => {
  it('is the one of the link, then the one chosen, then the browser\'s, then 中文', () => {
    expect(firstLanguage('?lang=en', 'zh', ['zh-CN'])).toBe('en')
    expect(firstLanguage('?lang=xx', 'en', ['zh-CN'])).toBe('en')
    expect(firstLanguage('', null, ['fr-FR', 'en-US', 'zh-CN'])).toBe('en')
    expect(firstLanguage('', null, ['fr-FR'])).toBe('zh')
  })

  it('writes in the browser\'s own region of it', () => {
    expect(cultureOf('en', ['de-DE', 'en-IN'])).toBe('en-IN')
    expect(cultureOf('zh', ['en-IN'])).toBe('zh-CN')
  })
})

describe('formats', () => {
  it('tell time in the district, not in the browser', () => {
    const noon = Date.parse('2026-06-12T04:00:00Z') / 1000
    expect(makeFormats('en', 'en-US', 'Asia/Shanghai').clock(noon)).toBe('12:00')
    expect(makeFormats('en', 'en-US', 'Europe/Berlin').clock(noon)).toBe('06:00')
    expect(makeFormats('zh', 'zh-CN', 'Asia/Shanghai').zoneName()).toBe('中国标准时间')
  })

  it('tell a lag in the unit that fits it', () => {
    const english = makeFormats('en', 'en-GB', 'UTC')
    expect(english.lag(3.4)).toBe('3 ms')
    expect(english.lag(2345)).toBe('2.3 s')
    expect(makeFormats('zh', 'zh-CN', 'UTC').lag(2345)).toBe('2.3 秒')
  })

  it('group numbers by culture and write the unknown as unknown', () => {
    expect(makeFormats('en', 'en-IN', 'UTC').number(1234567)).toBe('12,34,567')
    expect(makeFormats('en', 'en-GB', 'UTC').number(null)).toBe('—')
  })
})
