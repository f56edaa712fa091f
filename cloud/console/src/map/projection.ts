import Projection from 'ol/proj/Projection'
import { get, type ProjectionLike } from 'ol/proj'
import type { District } from '../api/types'

/** Floor plans are in metres from a corner of their own; nothing is transformed. */
const LOCAL = new Projection({ code: 'local-metres', units: 'm', metersPerUnit: 1 })

export interface Projections { data: ProjectionLike; view: Projection }

export function projectionsOf(coordinates: District['coordinates']): Projections {
  return coordinates === 'local-metres' ? { data: LOCAL, view: LOCAL } : { data: 'EPSG:4326', view: get('EPSG:3857')! }
}
