import { shallowRef } from 'vue'
import type { LocationQuery, RouteLocationNormalized, RouteLocationRaw, Router } from 'vue-router'
import { chooseTheme, type ThemeChoice } from './theme'

/**
 * What a wall screen shows: `/wall?view=/&view=/history%3Fzone%3Dpier&every=30&scale=1.25&theme=dark&lang=zh`.
 * Each view is a link into the console with its own state. Such a link is the browser's start page: it takes up the
 * programme and goes to the first view; every view then has `wall=on` in its address, which pages leave where it is.
 */
export interface Programme {
  /** Paths with their queries, in turn. */
  views: string[]
  /** Seconds for each. */
  every: number
  /** Enlargement, for a screen that is seen from afar. */
  scale: number
}

const SHORTEST = 5
const LONGEST = 3600
export const SCALES = [1, 1.25, 1.5, 2] as const
export const EVERY = 30
const KEY = 'smartdistrict.wall'

const within = (text: unknown, least: number, most: number, otherwise: number) => {
  const n = Number(text)
  return text != null && Number.isFinite(n) ? Math.min(most, Math.max(least, n)) : otherwise
}
const own = (view: unknown): view is string => typeof view === 'string' && /^\/(?![/\\])/.test(view) && !/^\/(wall|sign-in)\b/.test(view)

/** Null without any view that is a path of this console. */
export function readProgramme(query: LocationQuery): Programme | null {
  const views = [query.view ?? []].flat().filter(own)
  if (!views.length) return null
  return { views, every: within(query.every, SHORTEST, LONGEST, EVERY), scale: within(query.scale, 1, 3, 1) }
}

export function linkOf(programme: Programme, more: Record<string, string>): string {
  const query = new URLSearchParams(programme.views.map(view => ['view', view]))
  query.set('every', String(programme.every))
  query.set('scale', String(programme.scale))
  for (const [key, value] of Object.entries(more)) query.set(key, value)
  return `/wall?${query}`
}

function recall(): Programme | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Programme | null
  } catch {
    return null
  }
}

/** Of this tab, also after it was loaded again. */
export const programme = shallowRef<Programme | null>(recall())

export function viewAt(router: Router, index: number): RouteLocationRaw {
  const { views } = programme.value!
  const { path, query } = router.resolve(views[index % views.length]!)
  return { path, query: { ...query, wall: 'on' } }
}

export function takeUp(router: Router, next: Programme): RouteLocationRaw {
  programme.value = next
  sessionStorage.setItem(KEY, JSON.stringify(next))
  return viewAt(router, 0)
}

const THEMES: readonly unknown[] = ['light', 'dark', 'system']

/** The guard of `/wall`: a link with views starts them; one without is the page on which such a link is made. */
export function startWall(router: Router, to: RouteLocationNormalized): RouteLocationRaw | true {
  const next = readProgramme(to.query)
  if (!next) return true
  if (THEMES.includes(to.query.theme)) chooseTheme(to.query.theme as ThemeChoice)
  return takeUp(router, next)
}
