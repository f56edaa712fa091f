import { flushPromises } from '@vue/test-utils'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { effectScope } from 'vue'
import { describe, expect, it } from 'vitest'
import { changes } from './changes'
import texts from './texts.en'
import { usePages } from './usePages'

const SERVICE = '../SmartDistrict.Cloud'

describe('the acts that the service notes', () => {
  const sources = readdirSync(SERVICE, { recursive: true, encoding: 'utf8' }).filter(file => /^(?!bin|obj).*\.cs$/.test(file)).map(file => readFileSync(join(SERVICE, file), 'utf8'))
  const acts = new Set(sources.flatMap(text => [...text.matchAll(/audit\.Note\([^;]*;/g)]).flatMap(([note]) => [...note.matchAll(/"([a-z-]+\.[a-z-]+)"/g)].map(([, act]) => act!)))

  it('have a text and a subject to choose them by', () => {
    expect([...acts]).toContain('person.join')
    expect([...acts].filter(act => !(act.replaceAll(/[.-]/g, '_') in texts.acts))).toEqual([])
    expect([...acts].map(act => act.split('.')[0]!).filter(subject => !(subject in texts.audit.subjects))).toEqual([])
  })
})

describe('the changes of an act', () => {
  it.each([
    ['what differs', { role: 'viewer', name: 'Li' }, { role: 'operator', name: 'Li' }, [{ field: 'role', before: 'viewer', after: 'operator' }]],
    ['all of what is new', null, { role: 'viewer', until: 7 }, [{ field: 'role', before: null, after: 'viewer' }, { field: 'until', before: null, after: '7' }]],
    ['all of what is gone', { blocked: true }, null, [{ field: 'blocked', before: 'true', after: null }]],
    ['a value that is no object', 3, 4, [{ field: '', before: '3', after: '4' }]],
    ['what stands within', { name: { zh: '灯会', en: null } }, { name: { zh: '灯节', en: null }, zones: ['pier', 'plaza'] }, [{ field: 'name.zh', before: '灯会', after: '灯节' }, { field: 'zones', before: null, after: 'pier, plaza' }]],
    ['nothing where nothing is told', null, null, []],
  ])('are %s', (_, before, after, expected) => expect(changes(before, after)).toEqual(expected))
})

describe('a list in pages', () => {
  const all = [1, 2, 3, 4, 5]
  const ask = (after: number | null) => {
    const items = all.filter(n => n > (after ?? 0)).slice(0, 2)
    return Promise.resolve({ items, next: items.at(-1)! < 5 ? items.at(-1)! : null })
  }

  it('shows every item once, in order, and then says that there are no more', async () => {
    const scope = effectScope()
    const pages = scope.run(() => usePages<number, number>(ask))!
    await flushPromises()
    expect(pages.items.value).toEqual([1, 2])
    // Asked twice at once, it reads one page.
    void pages.next()
    await pages.next()
    await flushPromises()
    expect(pages.items.value).toEqual([1, 2, 3, 4])
    await pages.next()
    expect(pages.items.value).toEqual(all)
    expect(pages.more.value).toBe(false)
    scope.stop()
  })

  it('keeps what it has and says why where the next page does not come', async () => {
    const scope = effectScope()
    const pages = scope.run(() => usePages<number, number>(after => (after == null ? ask(null) : Promise.reject(new Error('away')))))!
    await flushPromises()
    await pages.next()
    expect(pages.items.value).toEqual([1, 2])
    expect(pages.problem.value).toMatchObject({ message: 'away' })
    scope.stop()
  })
})
