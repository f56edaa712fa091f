import type { Cart, Kiosk, Locker, Status } from '../api/types'

/** What stands or drives in the district; each sort is a layer of the map. */
export type Asset = { sort: 'locker'; info: Locker } | { sort: 'kiosk'; info: Kiosk } | { sort: 'cart'; info: Cart }
export type Sort = Asset['sort']
export interface AssetId { sort: Sort; id: string }

export const SORTS: readonly Sort[] = ['locker', 'kiosk', 'cart']
/** The layer of a sort, as its id stands in links. */
export const LAYERS = { locker: 'lockers', kiosk: 'kiosks', cart: 'carts' } as const

export type Tone = 'good' | 'calm' | 'warn' | 'lost' | ''

/** Each state of each sort, the gravest first: its place in lists, and its tone. */
const STATES: Record<Sort, Record<string, Tone>> = {
  locker: { forced: 'lost', jammed: 'warn', offline: 'lost', full: 'calm', unknown: '', ok: 'good' },
  kiosk: { fault: 'warn', offline: 'lost', attention: 'warn', unknown: '', ok: 'good' },
  cart: {
    stopped: 'lost', missing: 'lost', not_located: 'lost', non_contactable: 'lost', comms_lost: 'lost', attended: 'calm', offline: '', unknown: '', charging: 'calm', standing: 'good', driving: 'good',
  },
}

export const statesOf = (sort: Sort): string[] => Object.keys(STATES[sort])
export const toneOf = ({ sort, info }: Asset): Tone => STATES[sort][info.state] ?? ''
export const troubled = (asset: Asset): boolean => ['warn', 'lost'].includes(toneOf(asset))

/** Troubled ones first, gravest first; the rest by sort and name, so that rows stay where they are. */
export function ordered(assets: readonly Asset[], compare: (a: Asset, b: Asset) => number): Asset[] {
  const gravity = (asset: Asset) => (troubled(asset) ? ['lost', 'warn'].indexOf(toneOf(asset)) : 2)
  return [...assets].sort((a, b) => gravity(a) - gravity(b) || SORTS.indexOf(a.sort) - SORTS.indexOf(b.sort) || compare(a, b))
}

/** What is known is no longer present when the stream that brings it is away. */
export const trustOfAsset = ({ info }: Asset, streamLost: boolean): Status => (streamLost && info.status !== 'none' ? 'stale' : info.status)

export const readAsset = (text: string | null): AssetId | null => {
  const [, sort, id] = /^(locker|kiosk|cart):([a-z0-9][a-z0-9_-]{0,62})$/.exec(text ?? '') ?? []
  return sort ? { sort: sort as Sort, id: id! } : null
}
export const writeAsset = (asset: AssetId | null): string | null => asset && `${asset.sort}:${asset.id}`

const DIRECTIONS = 16
/** Which sprite an asset has: a cart under way points where it heads. */
export const lookOf = ({ sort, info }: Asset): string =>
  sort === 'cart' && info.state === 'driving' && info.heading != null ? `driving-${Math.round((info.heading * DIRECTIONS) / 360) % DIRECTIONS}` : info.state

/** A cart that was not heard for longer did not come on a straight line: it jumps to where it is. */
const LONGEST_GLIDE_MS = 10_000
export function jumps(before: Cart | undefined, now: Cart): boolean {
  return before?.posedAt == null || now.posedAt == null || now.posedAt - before.posedAt > LONGEST_GLIDE_MS || before.level !== now.level
}
