import type Feature from 'ol/Feature'
import type { FeatureLike } from 'ol/Feature'
import OlMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import View from 'ol/View'
import { getCenter } from 'ol/extent'
import GeoJSON from 'ol/format/GeoJSON'
import type LineString from 'ol/geom/LineString'
import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import VectorLayer from 'ol/layer/Vector'
import VectorImageLayer from 'ol/layer/VectorImage'
import { getPointResolution } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import Stroke from 'ol/style/Stroke'
import Style from 'ol/style/Style'
import type { DistrictPlan } from '../district/useDistrict'
import type { Palette } from '../footfall/palette'
import { lineStyles } from './lineLayer'
import { projectionsOf } from './projection'
import { fillStyles, labelStyles, lookOf, outlineStyle, type ZoneFeature, type ZoneLook } from './zoneLayer'

export interface ZonePaint { class: number | null; text: string }
export interface MapEvents {
  hover(zone: string | null, pixel: [number, number]): void
  select(zone: string | null): void
  /** Metres on the ground per pixel. */
  resolution(metres: number): void
}

/** The district's map: OpenLayers behind the few verbs that the page needs. */
export class MapView {
  readonly #map: OlMap
  readonly #zones = new VectorSource<ZoneFeature>()
  readonly #looks = new Map<string, ZoneLook>()
  readonly #fills: VectorLayer
  readonly #labels: VectorLayer
  readonly #lines: VectorImageLayer
  readonly #plate: VectorImageLayer
  readonly #hovered: VectorLayer<VectorSource<ZoneFeature>>
  readonly #selected: VectorLayer<VectorSource<ZoneFeature>>
  #padding: [number, number, number, number] = [40, 40, 40, 40]
  #at = Date.now() / 1000

  constructor(target: HTMLElement, plan: DistrictPlan, nameOf: (zone: string) => string, private readonly events: MapEvents) {
    const { data, view } = projectionsOf(plan.district.coordinates)
    const format = new GeoJSON({ dataProjection: data, featureProjection: view })
    // Upper levels are drawn over lower ones.
    const features = format.readFeatures(plan.zones) as ZoneFeature[]
    this.#zones.addFeatures(features.sort((a, b) => Number(a.get('level') ?? 0) - Number(b.get('level') ?? 0)))
    for (const zone of this.#zones.getFeatures()) this.#looks.set(String(zone.getId()), lookOf(zone, nameOf(String(zone.getId()))))

    // What does not change with the numbers is kept as an image, and drawn anew only when the map has moved.
    this.#plate = new VectorImageLayer({ source: this.#zones as VectorSource, imageRatio: 1.3, renderBuffer: 80 })
    this.#fills = new VectorLayer({ source: this.#zones as VectorSource, renderBuffer: 8 })
    this.#lines = new VectorImageLayer({ imageRatio: 1.3, source: new VectorSource({ features: format.readFeatures(plan.lines) }), renderBuffer: 16 })
    this.#hovered = new VectorLayer({ source: new VectorSource<ZoneFeature>() })
    this.#selected = new VectorLayer({ source: new VectorSource<ZoneFeature>() })
    this.#labels = new VectorLayer({ source: this.#zones as VectorSource })

    this.#map = new OlMap({
      target,
      controls: [],
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
      layers: [this.#plate, this.#fills, this.#lines, this.#hovered, this.#selected, this.#labels],
      view: new View({ projection: view, center: [0, 0], resolution: 1, minResolution: 0.02, smoothResolutionConstraint: true, enableRotation: false }),
    })
    this.#map.on('pointermove', event => this.#onMove(event))
    this.#map.on('singleclick', event => events.select(this.#zoneAt(event)))
    this.#map.getView().on('change:resolution', () => this.#tellResolution())
    target.addEventListener('pointerleave', () => events.hover(null, [0, 0]))
  }

  dispose() {
    this.#map.setTarget(undefined)
    this.#map.dispose()
  }

  theme(palette: Palette) {
    const fill = fillStyles(palette)
    const label = labelStyles(palette)
    const look = (feature: FeatureLike) => this.#looks.get(String(feature.getId()))!
    this.#fills.setStyle(feature => fill(look(feature)))
    this.#labels.setStyle((feature, resolution) => label(look(feature), resolution))
    const line = lineStyles(palette.line, palette.outline, zone => this.#looks.get(zone)?.centre.getCoordinates(), () => this.#at)
    this.#lines.setStyle((feature, resolution) => line(feature as Feature<LineString>, resolution))
    this.#hovered.setStyle(outlineStyle(palette.hovered, palette.outline, 1.5))
    this.#selected.setStyle(outlineStyle(palette.selected, palette.outline, 3))
    // The ground that the zones stand on: their outlines, drawn wide enough to run together.
    const rim = this.#map.getTargetElement()!.clientWidth < 600 ? 34 : 60
    const around = (color: string, width: number, zIndex: number) => new Style({ zIndex, stroke: new Stroke({ color, width, lineJoin: 'round' }) })
    this.#plate.setStyle([around(palette.plateEdge, rim + 2, 0), around(palette.plate, rim, 1)])
  }

  /** Paints what changed since the last call, and asks for a frame only if something did. */
  paint(of: (zone: string) => ZonePaint) {
    let [fills, labels] = [false, false]
    for (const look of this.#looks.values()) {
      const next = of(look.id)
      fills ||= next.class !== look.class
      labels ||= next.text !== look.text
      look.class = next.class
      look.text = next.text
    }
    if (fills) this.#fills.changed()
    if (fills || labels) this.#labels.changed()
  }

  rename(nameOf: (zone: string) => string) {
    for (const look of this.#looks.values()) look.name = nameOf(look.id)
    this.#labels.changed()
  }

  /** Lines point the way they counted at this time (unix seconds). */
  at(time: number) {
    this.#at = time
    this.#lines.changed()
  }

  select(zone: string | null) { this.#outline(this.#selected, zone) }
  hover(zone: string | null) { this.#outline(this.#hovered, zone) }

  #outline(layer: VectorLayer<VectorSource<ZoneFeature>>, zone: string | null) {
    const source = layer.getSource()!
    source.clear(true)
    const feature = zone == null ? null : this.#zones.getFeatureById(zone)
    if (feature) source.addFeature(feature as ZoneFeature)
    source.changed()
  }

  /** Room that overlays take at the edges: top, right, bottom, left in px. */
  pad(padding: [number, number, number, number]) { this.#padding = padding }

  /** `corner`: width and height of what covers the lower left; the zones make way for it only if one would lie under it. */
  fit(corner: [number, number], duration = 0) {
    if (this.#zones.isEmpty()) return
    this.#map.updateSize()
    const size = this.#map.getSize()
    if (!size?.[0] || !size[1]) return
    const view = this.#map.getView()
    const [top, right, bottom, left] = this.#padding
    const fitted = (below: number) => {
      const box = [size[0]! - left - right, size[1]! - top - below]
      const extent = this.#zones.getExtent()!
      const resolution = view.getResolutionForExtent(extent, box)
      const middle = getCenter(extent)
      return { resolution, center: [middle[0]! + ((right - left) / 2) * resolution, middle[1]! + ((top - below) / 2) * resolution] }
    }
    const covers = ({ resolution, center }: ReturnType<typeof fitted>) => {
      const [west, south] = [center[0]! - (size[0]! / 2) * resolution, center[1]! - (size[1]! / 2) * resolution]
      return this.#zones.forEachFeatureIntersectingExtent([west, south, west + corner[0] * resolution, south + corner[1] * resolution], () => true)
    }
    const wide = fitted(bottom)
    const chosen = covers(wide) ? fitted(Math.max(bottom, corner[1] + 20)) : wide
    if (duration) view.animate({ ...chosen, duration })
    else {
      view.setResolution(chosen.resolution)
      view.setCenter(chosen.center)
    }
    this.#tellResolution()
  }

  zoom(steps: number, duration: number) {
    const view = this.#map.getView()
    view.animate({ zoom: (view.getZoom() ?? 0) + steps, duration })
  }

  /** Brings a zone into view if it is outside, or under a sheet that covers so much of the bottom (px). */
  reveal(zone: string, cover: number, duration: number) {
    const look = this.#looks.get(zone)
    const size = this.#map.getSize()
    if (!look || !size) return
    const pixel = this.#map.getPixelFromCoordinate(look.centre.getCoordinates())
    if (!pixel) return
    const [top, right, bottom, left] = this.#padding
    const low = size[1]! - Math.max(bottom, cover + 24)
    const inside = pixel[0]! > left && pixel[0]! < size[0]! - right && pixel[1]! > Math.min(top, low / 2) && pixel[1]! < low
    if (inside) return
    const view = this.#map.getView()
    const [x, y] = look.centre.getCoordinates()
    view.animate({ center: [x!, y! - (cover / 2) * view.getResolution()!], duration })
  }

  #onMove(event: MapBrowserEvent) {
    if (event.dragging) return this.events.hover(null, [0, 0])
    if ((event.originalEvent as PointerEvent).pointerType === 'touch') return
    const zone = this.#zoneAt(event)
    this.#map.getTargetElement()!.style.cursor = zone ? 'pointer' : ''
    this.events.hover(zone, [event.pixel[0]!, event.pixel[1]!])
  }

  /** The topmost level's zone at a place: by geometry, so that nothing is drawn for it. */
  #zoneAt(event: MapBrowserEvent): string | null {
    const found = this.#zones.getFeaturesAtCoordinate(event.coordinate).map(zone => this.#looks.get(String(zone.getId()))!)
    return found.sort((a, b) => b.level - a.level)[0]?.id ?? null
  }

  #tellResolution() {
    const view = this.#map.getView()
    const [resolution, centre] = [view.getResolution(), view.getCenter()]
    if (resolution && centre) this.events.resolution(getPointResolution(view.getProjection(), resolution, centre, 'm'))
  }
}
