import { createRouter, createWebHistory, type Router } from 'vue-router'
import { whenSignedOut } from './api/client'
import { startWall } from './frame/wall'
import { chooseLanguage, LANGUAGES, type Language } from './locales/i18n'

export const router: Router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./access/SignInPage.vue') },
    { path: '/set-up', name: 'set-up', component: () => import('./access/SetUpPage.vue') },
    {
      path: '/',
      component: () => import('./frame/AppFrame.vue'),
      children: [
        { path: '', name: 'map', component: () => import('./map/MapPage.vue') },
        { path: 'history', name: 'history', component: () => import('./history/HistoryPage.vue') },
        { path: 'wall', name: 'wall', component: () => import('./frame/WallPage.vue'), beforeEnter: to => startWall(router, to) },
        { path: 'devices', name: 'devices', component: () => import('./devices/DevicesPage.vue') },
        { path: 'alarms', name: 'alarms', component: () => import('./alarms/AlarmsPage.vue') },
        { path: 'numbers', name: 'numbers', component: () => import('./numbers/NumbersPage.vue') },
        { path: 'reports', name: 'reports', component: () => import('./reports/ReportsPage.vue') },
        { path: 'people', name: 'people', component: () => import('./people/PeoplePage.vue') },
        { path: 'account', name: 'account', component: () => import('./access/AccountPage.vue') },
        { path: ':rest(.*)*', name: 'not-found', component: () => import('./frame/NotFoundPage.vue') },
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
