import { createRouter, createWebHistory, type RouteComponent, type Router } from 'vue-router'
import { whenSignedOut } from './api/client'
import AwayPage from './frame/AwayPage.vue'
import { startWall } from './frame/wall'
import { chooseLanguage, LANGUAGES, type Language } from './locales/i18n'

/** A page has a file of its own; where that cannot be had, the way there must not end in silence. */
const page = (load: () => Promise<RouteComponent>) => () => load().catch((reason: unknown) => {
  console.warn(reason)
  return AwayPage
})

export const router: Router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: page(() => import('./access/SignInPage.vue')) },
    { path: '/set-up', name: 'set-up', component: page(() => import('./access/SetUpPage.vue')) },
    {
      path: '/',
      component: page(() => import('./frame/AppFrame.vue')),
      children: [
        { path: '', name: 'map', component: page(() => import('./map/MapPage.vue')) },
        { path: 'history', name: 'history', component: page(() => import('./history/HistoryPage.vue')) },
        { path: 'wall', name: 'wall', component: page(() => import('./frame/WallPage.vue')), beforeEnter: to => startWall(router, to) },
        { path: 'devices', name: 'devices', component: page(() => import('./devices/DevicesPage.vue')) },
        { path: 'alarms', name: 'alarms', component: page(() => import('./alarms/AlarmsPage.vue')) },
        { path: 'numbers', name: 'numbers', component: page(() => import('./numbers/NumbersPage.vue')) },
        { path: 'reports', name: 'reports', component: page(() => import('./reports/ReportsPage.vue')) },
        { path: 'people', name: 'people', component: page(() => import('./people/PeoplePage.vue')) },
        { path: 'account', name: 'account', component: page(() => import('./access/AccountPage.vue')) },
        { path: ':rest(.*)*', name: 'not-found', component: page(() => import('./frame/NotFoundPage.vue')) },
      ],
    },
  ],
})

router.beforeEach(to => {
  const lang = to.query.lang
  if (LANGUAGES.includes(lang as Language)) chooseLanguage(lang as Language)
})

whenSignedOut(() => {
  const { name, fullPath } = router.currentRoute.value
  if (name === 'sign-in' || name === 'set-up') return
  void router.replace({ name: 'sign-in', query: fullPath === '/' ? {} : { to: fullPath } })
})
