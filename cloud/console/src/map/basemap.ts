import type BaseLayer from 'ol/layer/Base'
import TileLayer from 'ol/layer/Tile'
import XYZ from 'ol/source/XYZ'
import type { BasemapInfo } from '../api/types'

/** The map under the zones, from the one address that is configured. */
export async function basemapLayer({ kind, url, maxZoom }: BasemapInfo): Promise<BaseLayer> {
  if (kind === 'xyz') return new TileLayer({ className: 'sheet basemap', source: new XYZ({ url, maxZoom }) })
  const { PMTilesRasterSource } = await import('ol-pmtiles')
  const address = new URL(url, location.href).href
  return new TileLayer({ className: 'sheet basemap', source: new PMTilesRasterSource({ url: address }) as never })
}
