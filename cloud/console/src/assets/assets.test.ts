import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { computed, shallowRef } from 'vue'
import type { Cart, Kiosk, Locker } from '../api/types'
import { i18n } from '../locales/i18n'
import type { DistrictPlan } from '../district/useDistrict'
import type { Live } from '../live/live'
import { jumps, lookOf, ordered, readAsset, statesOf, trustOfAsset, writeAsset, type Asset } from './assets'
import AssetList from './AssetList.vue'
import AssetPanel from './AssetPanel.vue'
import { sprites } from './sprites'
import { useAssets } from './useAssets'

const named = (id: string) => ({ id, name: { zh: `${id} 号`, en: `No. ${id}` }, gateway: 'gw-1', at: [1, 2], level: 0, lastSeen: 1_000_000, status: 'complete' as const })
const locker = (over: Partial<Locker> = {}): Locker => ({ ...named('lk-1'), state: 'ok', compartments: { all: 3, free: 1, taken: 1, forced: 1, jammed: 0, closed: 0, unknown: 0 }, ...over })
const kiosk = (over: Partial<Kiosk> = {}): Kiosk => ({ ...named('ks-1'), state: 'ok', paper: 'ok', reader: 'ok', screen: null, ...over })
const cart = (over: Partial<Cart> = {}): Cart => ({ ...named('cart-1'), posedAt: 1_000_000, heading: 90, speed: 1.5, state: 'driving', mode: 'automatic', emergencyStop: 'none', battery: 76, ...over })
const all: Asset[] = [{ sort: 'cart', info: cart() }, { sort: 'kiosk', info: kiosk({ state: 'offline', status: 'stale' }) }, { sort: 'locker', info: locker({ state: 'jammed' }) }, { sort: 'locker', info: locker({ id: 'lk-2', state: 'forced' }) }]
const ids = (assets: readonly Asset[]) => assets.map(({ info }) => info.id)

describe('lockers, kiosks and carts', () => {
  it('stand in the list by gravity, the sound ones by what they are', () => expect(ids(ordered(all, (a, b) => a.info.id.localeCompare(b.info.id)))).toEqual(['lk-2', 'ks-1', 'lk-1', 'cart-1']))

  it('are not present when the stream that tells of them is away; what was never heard stays unknown', () => {
    expect(trustOfAsset(all[0]!, true)).toBe('stale')
    expect(trustOfAsset({ sort: 'cart', info: cart({ status: 'none' }) }, true)).toBe('none')
  })

  it.each([['cart:cart-1', { sort: 'cart', id: 'cart-1' }], ['locker:lk_2', { sort: 'locker', id: 'lk_2' }], ['drone:x', null], ['cart:<b>', null], ['cart', null], [null, null]])('a link with %s means that one', (text, asset) => {
    expect(readAsset(text)).toEqual(asset)
    if (asset) expect(writeAsset(readAsset(text))).toBe(text)
  })

  it('have a mark for every state that they can be in', () => {
    for (const sort of ['locker', 'kiosk', 'cart'] as const) for (const state of statesOf(sort)) expect(sprites(sort)[state], `${sort} ${state}`).toBeTypeOf('function')
    for (let heading = 0; heading <= 360; heading += 7.5) expect(sprites('cart')[lookOf({ sort: 'cart', info: cart({ heading }) })]).toBeTypeOf('function')
  })
})

describe('a cart on the map', () => {
  it('glides between two reports', () => expect(jumps(cart(), cart({ posedAt: 1_002_000 }))).toBe(false))
  it.each([[undefined, {}], [cart(), { posedAt: 1_011_000 }], [cart(), { posedAt: 1_001_000, level: 1 }], [cart({ posedAt: null }), {}]])('jumps where nobody knows how it came', (before, now) => expect(jumps(before, cart(now))).toBe(true))

  it('is where it was told to be; one without a place is not on it', async () => {
    const carts = shallowRef([cart({ id: 'a' }), cart({ id: 'b', at: null })])
    const assets = useAssets({ district: { lockers: 0, kiosks: 0, carts: 2 } } as DistrictPlan, { lockers: shallowRef([]), kiosks: shallowRef([]), carts } as unknown as Live)
    expect(assets.markersOf('cart').map(({ id, jumps: jumped }) => [id, jumped])).toEqual([['a', true]])
    carts.value = [cart({ id: 'a', at: [3, 4], posedAt: 1_002_000 })]
    await Promise.resolve()
    expect(assets.markersOf('cart')).toMatchObject([{ id: 'a', at: [3, 4], jumps: false }])
    expect(assets.sorts).toEqual(['cart'])
    expect(computed(() => assets.find({ sort: 'cart', id: 'b' })).value).toBeNull()
  })
})

describe.each(['zh', 'en'] as const)('on screen in %s', language => {
  const detail = { compartments: shallowRef([{ number: 1, state: 'forced' as const, doorOpen: true, since: null }, { number: 2, state: 'free' as const, doorOpen: null, since: null }]), track: shallowRef([]), problem: shallowRef(null) }
  const show = (asset: Asset, streamLost = false) => {
    i18n.global.locale.value = language
    return mount(AssetPanel, { props: { asset, detail, streamLost, streamLostAt: '12:00', replaying: false }, global: { plugins: [i18n] } }).text()
  }

  it('a locker says of every compartment how it stands', () => {
    const text = show({ sort: 'locker', info: locker({ state: 'forced' }) })
    expect(text).toContain(language === 'zh' ? '有门被强开' : 'Door forced')
    expect(text).toContain(language === 'zh' ? '格口 1' : 'Compartment 1')
    expect(text).toContain(language === 'zh' ? '门开着' : 'door open')
  })

  it('what a kiosk does not tell is not said to be well', () => expect(show({ sort: 'kiosk', info: kiosk() })).toContain(language === 'zh' ? '不上报' : 'not told'))

  it('a lost cart says that this is not how it is now, and has no speed', () => {
    const text = show({ sort: 'cart', info: cart({ state: 'not_located', status: 'stale', speed: null }) })
    expect(text).toContain(language === 'zh' ? '不代表现在' : 'not how it is now')
    expect(text).not.toContain(language === 'zh' ? '公里/时' : 'km/h')
  })

  it('without the stream everything is as of its last word', () => expect(show({ sort: 'cart', info: cart() }, true)).toContain('12:00'))

  it('the list is searched by either name and narrowed to one sort', async () => {
    i18n.global.locale.value = language
    const list = mount(AssetList, { props: { assets: all, sorts: ['locker', 'kiosk', 'cart'], selected: null, streamLost: false, replaying: false }, global: { plugins: [i18n] } })
    const rows = () => list.findAll('li .name').map(row => row.text())
    expect(rows()).toHaveLength(4)
    await list.findAll('.choice button')[2]!.trigger('click')
    expect(rows()).toHaveLength(1)
    await list.findAll('.choice button')[2]!.trigger('click')
    await list.find('input').setValue('NO. KS')
    expect(rows()).toHaveLength(1)
    await list.find('li button').trigger('click')
    expect(list.emitted('select')).toEqual([[{ sort: 'kiosk', id: 'ks-1' }]])
  })
})
