import { createMemoryHistory, createRouter } from 'vue-router'
import { describe, expect, it } from 'vitest'
import { linkOf, readProgramme, startWall, viewAt } from './wall'

const nothing = { render: () => null }
const made = () => {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: nothing }, { path: '/history', component: nothing }, { path: '/wall', component: nothing, beforeEnter: to => startWall(router, to) }],
  })
  return router
}

describe('the programme of a wall screen', () => {
  it('is what its link says', async () => {
    const programme = { views: ['/', '/history?zone=a&from=2026-06-12'], every: 45, scale: 1.5 }
    const router = made()
    expect(readProgramme(router.resolve(linkOf(programme, { lang: 'zh' })).query)).toEqual(programme)
  })

  it('is a screenful every half minute unless told otherwise', () =>
    expect(readProgramme({ view: '/' })).toEqual({ views: ['/'], every: 30, scale: 1 }))

  it.each([['0', 5], ['-3', 5], ['99999', 3600], ['soon', 30]])('turns in a bearable rhythm: every=%s is %i s', (every, seconds) =>
    expect(readProgramme({ view: '/', every })?.every).toBe(seconds))

  it.each(['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', '/wall?view=/', '/sign-in', ''])('has no view outside of the console: %j', view =>
    expect(readProgramme({ view })).toBeNull())

  it('begins with the first view and goes round', async () => {
    const router = made()
    await router.push('/wall?view=/&view=/history%3Fzone%3Da')
    expect(router.currentRoute.value.fullPath).toBe('/?wall=on')
    await router.push(viewAt(router, 1))
    expect(router.currentRoute.value.fullPath).toBe('/history?zone=a&wall=on')
    await router.push(viewAt(router, 2))
    expect(router.currentRoute.value.path).toBe('/')
  })

  it('without views is put together on the page', async () => {
    const router = made()
    await router.push('/wall?every=10')
    expect(router.currentRoute.value.path).toBe('/wall')
  })
})
