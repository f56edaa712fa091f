import type { IconName } from './icons'

/** The console's parts in the order of the main navigation; each is a route of the same name. */
export const sections: { name: string; label: string; icon: IconName }[] = [{ name: 'map', label: 'nav.map', icon: 'map' }]
