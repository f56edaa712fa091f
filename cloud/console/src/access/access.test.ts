import { flushPromises, mount } from '@vue/test-utils'
import { createMemoryHistory, createRouter } from 'vue-router'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseLanguage, i18n } from '../locales/i18n'
import { destination } from './destination'
import { invitationLink, invitationOf } from './invitation'
import SignInPage from './SignInPage.vue'

describe('where signing in leads', () => {
  it('is back to the deep link', () => expect(destination('/?t=2026-06-12T04:00Z&zone=a')).toBe('/?t=2026-06-12T04:00Z&zone=a'))

  it.each(['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', '/sign-in?to=/', '', undefined, ['/a']])(
    'is never another site or the sign-in itself: %j', to => expect(destination(to)).toBe('/'))
})

describe('SignInPage', () => {
  const page = async (link = '/sign-in?to=/%3Fzone%3Da') => {
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/sign-in', component: SignInPage }, { path: '/set-up', name: 'set-up', component: { render: () => null } }, { path: '/:rest(.*)*', component: { render: () => null } }] })
    await router.push(link)
    return { router, view: mount(SignInPage, { global: { plugins: [i18n, router] }, attachTo: document.body }) }
  }
  const answer = (status: number, code = '') =>
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(status === 204 ? null : JSON.stringify({ code }), { status, headers: { 'content-type': 'application/problem+json' } }))))

  beforeEach(() => chooseLanguage('en'))
  afterEach(() => vi.unstubAllGlobals())

  const fill = async (view: Awaited<ReturnType<typeof page>>['view'], name: string, password: string) => {
    await view.find('#name').setValue(name)
    await view.find('#password').setValue(password)
    await view.find('form').trigger('submit')
    await flushPromises()
  }
  const posts = () => vi.mocked(fetch).mock.calls.filter(call => call[1]?.method === 'POST')

  it.each([['', '', 'Enter your sign-in name.'], ['li', '', 'Enter your password.']])('asks for what is missing before it asks the server: %j %j', async (name, password, words) => {
    answer(204)
    const { view } = await page()
    await fill(view, name, password)
    expect(view.find('[role=alert]').text()).toBe(words)
    expect(posts()).toEqual([])
  })

  it('sends name and password and returns to the link', async () => {
    answer(204)
    const { view, router } = await page()
    await fill(view, ' li ', ' harbour ')
    expect(posts()[0]![1]).toMatchObject({ body: '{"name":"li","password":" harbour "}' })
    expect(router.currentRoute.value.fullPath).toBe('/?zone=a')
  })

  it.each([[401, 'wrong-password', 'do not belong together'], [429, 'name-locked', 'locked for a while'], [429, 'too-many-requests', 'Wait a minute'], [503, 'whatever', 'cannot answer']])(
    'says what is the matter on %i %s', async (status, code, words) => {
      answer(status, code)
      const { view } = await page()
      await fill(view, 'li', 'x')
      expect(view.find('[role=alert]').text()).toContain(words)
    })

  it('leads to the set-up where nobody is an administrator yet', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response('{"setUp":true}', { status: 200 }))))
    const { router } = await page()
    await flushPromises()
    expect(router.currentRoute.value.name).toBe('set-up')
  })

  it('offers the OpenID provider where there is one, and comes back to the link from there', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response('{"setUp":false,"openId":"City ID"}', { status: 200 }))))
    const { view } = await page()
    await flushPromises()
    const button = view.find('form a')
    expect(button.text()).toBe('Sign in with City ID')
    expect(button.attributes('href')).toBe('/sign-in/openid?to=%2F%3Fzone%3Da')
  })

  it.each([['no-role', 'no role in this district'], ['provider-away', 'does not answer'], ['provider-failed', 'did not come about'], ['person-blocked', 'blocked'], ['<b>', '']])(
    'says why the sign-in there did not come about: %s', async (code, words) => {
      answer(204)
      const { view } = await page(`/sign-in?fault=${encodeURIComponent(code)}`)
      const said = view.find('[role=alert]').text()
      expect(words ? said : said.length === 0).toEqual(words ? expect.stringContaining(words) : true)
    })
})

describe('an invitation', () => {
  it('is found again in its link', () => {
    const link = invitationLink('https://district.example', { code: 'abc', name: '李伟 & co' })
    expect(invitationOf(new URL(link).hash)).toEqual({ code: 'abc', name: '李伟 & co' })
    expect(new URL(link).search).toBe('')
  })

  it.each(['', '#', '#name=li', '#code='])('is not in %j', hash => expect(invitationOf(hash)).toBeNull())
})
