import { flushPromises, mount } from '@vue/test-utils'
import { createMemoryHistory, createRouter } from 'vue-router'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chooseLanguage, i18n } from '../locales/i18n'
import { destination } from './destination'
import SignInPage from './SignInPage.vue'

describe('where signing in leads', () => {
  it('is back to the deep link', () => expect(destination('/?t=2026-06-12T04:00Z&zone=a')).toBe('/?t=2026-06-12T04:00Z&zone=a'))

  it.each(['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', '/sign-in?to=/', '', undefined, ['/a']])(
    'is never another site or the sign-in itself: %j', to => expect(destination(to)).toBe('/'))
})

describe('SignInPage', () => {
  const page = async () => {
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/sign-in', component: SignInPage }, { path: '/:rest(.*)*', component: { render: () => null } }] })
    await router.push('/sign-in?to=/%3Fzone%3Da')
    return { router, view: mount(SignInPage, { global: { plugins: [i18n, router] }, attachTo: document.body }) }
  }
  const answer = (status: number, code = '') =>
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(status === 204 ? null : JSON.stringify({ code }), { status, headers: { 'content-type': 'application/problem+json' } }))))

  beforeEach(() => chooseLanguage('en'))
  afterEach(() => vi.unstubAllGlobals())

  it('asks for the code before it asks the server', async () => {
    answer(204)
    const { view } = await page()
    await view.find('form').trigger('submit')
    expect(view.find('[role=alert]').text()).toBe('Enter the access code.')
    expect(fetch).not.toHaveBeenCalled()
  })

  it('sends the code and returns to the link', async () => {
    answer(204)
    const { view, router } = await page()
    await view.find('input').setValue(' harbour ')
    await view.find('form').trigger('submit')
    await flushPromises()
    expect(vi.mocked(fetch).mock.calls[0]![1]).toMatchObject({ method: 'POST', body: '{"code":"harbour"}' })
    expect(router.currentRoute.value.fullPath).toBe('/?zone=a')
  })

  it.each([[401, 'code-wrong', 'not right'], [429, 'too-many-attempts', 'Wait a minute'], [503, 'whatever', 'cannot answer']])(
    'says what is the matter on %i %s', async (status, code, words) => {
      answer(status, code)
      const { view } = await page()
      await view.find('input').setValue('x')
      await view.find('form').trigger('submit')
      await flushPromises()
      expect(view.find('[role=alert]').text()).toContain(words)
    })
})
