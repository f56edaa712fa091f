import OlMap from 'ol/Map'
import type MapBrowserEvent from 'ol/MapBrowserEvent'
import View from 'ol/View'
import { getCenter } from 'ol/extent'
import GeoJSON from 'ol/format/GeoJSON'
import LineString from 'ol/geom/LineString'
import Polygon from 'ol/geom/Polygon'
import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import type BaseLayer from 'ol/layer/Base'
import { fromLonLat, getPointResolution } from 'ol/proj'
import type { DistrictPlan } from '../district/useDistrict'
import type { Palette } from '../footfall/palette'
import type { Theme } from '../frame/theme'
import { countingAt, RATES_UP_TO, type LineRate, type LineShape } from './lines'
import { MarkerSheet, type Marker, type MarkerKind } from './markerSheet'
import { OutlineSheet } from './outlineSheet'
import { PaintedSheet, PainterThread } from './painting/paintedSheet'
import { placing, type LoadedPlan } from './plans'
import { PlanSheet } from './planSheet'
import { projectionsOf } from './projection'
import { covers, nextZone, shapeOf, type Point, type Way, type ZoneShape } from './shape'
import { TrackSheet } from './trackSheet'
import { lookOf, type ZoneLook, type ZonePaint } from './zoneLook'

export interface MapEvents {
  hover(zone: string | null, pixel: [number, number]): void
  select(zone: string | null): void
  /** A marker was pressed; null: something else was. */
  marker(found: { kind: string; id: string; pixel: [number, number] } | null): void
  /** Metres on the ground per pixel. */
  resolution(metres: number): void
  /** A frame with nothing left to draw. */
  drawn(): void
  /** Nothing can be drawn any more. */
  lost(): void
}

/** How far beside a street a finger may be, px. */
const STREET_REACH = 5

/** The district's map: OpenLayers moves and projects it, the sheets draw it. */
export class MapView {
  readonly markers: MarkerSheet
  readonly #painter: PainterThread
  readonly #map: OlMap
  readonly #project: (position: readonly number[]) => Point
  readonly #unitsPerMetre: number
  readonly #origin: Point
  readonly #extent: [number, number, number, number]
  readonly #shapes: ZoneShape[]
  readonly #looks = new Map<string, ZoneLook>()
  readonly #zones: PaintedSheet<'zones'>
  readonly #plan: PlanSheet
  readonly #lines: PaintedSheet<'lines'>
  readonly #lineShapes: readonly LineShape[]
  readonly #outline: OutlineSheet
  readonly #track: TrackSheet
  #basemap: BaseLayer | null = null
  #level = 0
  #padding: [number, number, number, number] = [40, 40, 40, 40]
  #rates = false

  constructor(target: HTMLElement, plan: DistrictPlan, nameOf: (zone: string) => string, private readonly events: MapEvents, still: boolean) {
    this.#painter = new PainterThread(() => events.lost())
    const { data, view } = projectionsOf(plan.district.coordinates)
    const format = new GeoJSON({ dataProjection: data, featureProjection: view })
    const zones = format.readFeatures(plan.zones)
    const extent = zones.map(zone => zone.getGeometry()!.getExtent()).reduce((a, b) => [Math.min(a[0]!, b[0]!), Math.min(a[1]!, b[1]!), Math.max(a[2]!, b[2]!), Math.max(a[3]!, b[3]!)])
    this.#extent = extent as [number, number, number, number]
    // Paths are kept in single precision: near zero that is far below a millimetre.
    const origin = (this.#origin = getCenter(extent) as [number, number])
    const local = ([x, y]: readonly number[]): Point => [x! - origin[0], y! - origin[1]]
    this.#project = plan.district.coordinates === 'wgs84' ? position => local(fromLonLat(position as number[])) : local
    this.#unitsPerMetre = 1 / getPointResolution(view, 1, [...origin], 'm')

    this.#shapes = zones.map((zone, i) => {
      const { level, widthMetres } = plan.zones.features[i]!.properties
      const geometry = zone.getGeometry()!
      const id = String(zone.getId())
      if (geometry instanceof LineString) return shapeOf(id, level, geometry.getCoordinates().map(local), (widthMetres ?? 8) * this.#unitsPerMetre)
      const polygon = geometry as Polygon
      const centre = polygon.getInteriorPoint().getCoordinates().slice(0, 2)
      const edge = new LineString(polygon.getCoordinates()[0]!).getClosestPoint(centre)
      return shapeOf(id, level, polygon.getCoordinates()[0]!.map(local), null, { centre: local(centre), radius: Math.hypot(edge[0]! - centre[0]!, edge[1]! - centre[1]!) })
    })
    for (const shape of this.#shapes) this.#looks.set(shape.id, lookOf(shape, nameOf(shape.id)))
    const looks = [...this.#looks.values()]

    this.#zones = new PaintedSheet('zones', 2, origin, this.#painter, () => this.#tellDrawn())
    this.#zones.order({ shapes: this.#shapes, called: looks.map(({ name }) => name), rim: target.clientWidth < 600 ? 34 : looks.length > 400 ? 24 : 60 })
    this.#plan = new PlanSheet('plan', 3, origin)
    this.#lines = new PaintedSheet('lines', 4, origin, this.#painter, () => this.#tellDrawn())
    this.#outline = new OutlineSheet('outline', 5, origin)
    this.#track = new TrackSheet('track', 6, origin)
    this.markers = new MarkerSheet(7, origin, this.#painter, still)
    this.#lineShapes = plan.lines.features.map((line): LineShape => ({
      id: String(line.id), joins: line.properties.joins, start: this.#project(line.geometry.coordinates[0]!), end: this.#project(line.geometry.coordinates[1]!),
    }))

    this.#map = new OlMap({
      target,
      // A wall is enlarged by its page, of which the screen's ratio does not tell.
      pixelRatio: window.devicePixelRatio * (target.currentCSSZoom ?? 1),
      controls: [],
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, keyboard: false }),
      layers: [...this.#sheets, this.#zones, this.#lines, this.markers].map(sheet => sheet.layer),
      view: new View({ projection: view, center: [...origin], resolution: 1, minResolution: 0.02, smoothResolutionConstraint: true, enableRotation: false }),
    })
    this.#map.on('pointermove', event => this.#onMove(event))
    this.#map.on('singleclick', event => this.#onClick(event))
    this.#map.getView().on('change:resolution', () => this.#tellResolution())
    this.#map.on('postrender', () => this.#tellDrawn())
    target.addEventListener('pointerleave', () => events.hover(null, [0, 0]))
  }

  dispose() {
    this.#map.setTarget(undefined)
    this.#map.dispose()
    this.#painter.end()
  }

  theme(palette: Palette, theme: Theme) {
    for (const sheet of [this.#outline, this.#track]) {
      sheet.palette = palette
      sheet.invalidate()
    }
    this.#zones.order({ palette })
    this.#lines.order({ palette })
    this.markers.theme(palette)
    this.#plan.element.classList.toggle('dark', theme === 'dark')
  }

  level(level: number) {
    this.#level = level
    for (const sheet of [this.#plan, this.#track]) {
      sheet.level = level
      sheet.invalidate()
    }
    this.#zones.order({ level })
    this.#lines.order({ level })
    this.markers.level = level
  }

  show({ lines, names, plan, basemap, devices }: { lines: boolean; names: boolean; plan: boolean; basemap: boolean; devices: boolean }) {
    this.#lines.shown = lines
    this.#lines.order({ apart: devices ? 20 : 14 })
    this.#zones.order({ names })
    this.#plan.shown = plan
    this.#basemap?.setVisible(basemap)
    this.#look()
    this.#plan.invalidate()
  }

  /** Zones let through what lies under them. */
  #look() {
    this.#zones.order({ clear: this.#basemap?.getVisible() ?? false })
  }

  basemap(layer: BaseLayer) {
    this.#basemap = layer
    layer.setZIndex(0)
    this.#map.addLayer(layer)
    this.#look()
  }

  plans(loaded: readonly LoadedPlan[]) {
    this.#plan.plans = loaded.map(({ info, drawing }) => ({ level: info.level, drawing, place: placing(this.#project(info.at), info.rotation, this.#unitsPerMetre) }))
    this.#plan.invalidate()
  }

  /** Asks for a frame, which tells whether all is drawn. */
  frame() { this.#map.render() }

  /** Paints what changed since the last call. */
  paint(of: (zone: string) => ZonePaint) {
    const paints: [number, ZonePaint][] = []
    let zone = -1
    for (const look of this.#looks.values()) {
      zone++
      const next = of(look.shape.id)
      if (next.shade === look.shade && next.text === look.text && next.mark === look.mark) continue
      look.shade = next.shade
      look.text = next.text
      look.mark = next.mark
      paints.push([zone, { shade: next.shade, text: next.text, mark: next.mark }])
    }
    if (paints.length) this.#zones.order({ paints })
  }

  rename(nameOf: (zone: string) => string) {
    for (const look of this.#looks.values()) look.name = nameOf(look.shape.id)
    this.#zones.order({ called: [...this.#looks.values()].map(({ name }) => name) })
  }

  /** Lines point the way they counted at this time (unix seconds). */
  at(time: number) {
    this.#lines.order({ lines: countingAt(this.#lineShapes, time, zone => this.#looks.get(zone)?.shape) })
  }

  rates(rates: ReadonlyMap<string, LineRate>) {
    this.#lines.order({ rates })
  }

  /** Whether the map is so near that rates are written. */
  get showsRates(): boolean { return this.#rates }

  /** Where something of the API's positions lies, for markers. */
  place(position: readonly number[]): Point { return this.#project(position) }

  addMarkers(kind: MarkerKind) { this.markers.add(kind) }

  putMarkers(kind: string, markers: readonly Marker[]) { this.markers.put(kind, markers) }

  /** The way that something has come, in the API's positions; empty: none is shown. */
  track(points: readonly { position: readonly number[]; level: number }[]) {
    if (!points.length && !this.#track.points.length) return
    this.#track.points = points.map(({ position, level }) => ({ at: this.#project(position), level }))
    this.#track.invalidate()
  }

  select(zone: string | null) {
    this.#outline.selected = (zone != null && this.#looks.get(zone)) || null
    this.#outline.invalidate()
  }

  hover(zone: string | null) {
    const look = (zone != null && this.#looks.get(zone)) || null
    if (look === this.#outline.hovered) return
    this.#outline.hovered = look
    this.#outline.invalidate()
  }

  /** The zone of this level that lies next in a direction, from another or from the middle of the window; with its place on screen. */
  next(way: Way, from: string | null, level: number): { zone: string; pixel: [number, number] } | null {
    const here = this.#shapes.filter(shape => shape.level === level)
    const centre = this.#map.getView().getCenter()!
    const start = (from != null && this.#looks.get(from)?.shape.centre) || ([centre[0]! - this.#origin[0], centre[1]! - this.#origin[1]] as const)
    const found = nextZone(here, start, way, from)
    const pixel = found && this.#map.getPixelFromCoordinate([found.centre[0] + this.#origin[0], found.centre[1] + this.#origin[1]])
    return pixel ? { zone: found.id, pixel: [pixel[0]!, pixel[1]!] } : null
  }

  pan(x: number, y: number, duration: number) {
    const view = this.#map.getView()
    const [cx, cy] = view.getCenter()!
    const resolution = view.getResolution()!
    view.animate({ center: [cx! + x * resolution, cy! + y * resolution], duration })
  }

  /** Room that overlays take at the edges: top, right, bottom, left in px. */
  pad(padding: [number, number, number, number]) { this.#padding = padding }

  /** `corner`: width and height of what covers the lower left; the zones make way for it only if one would lie under it. */
  fit(corner: [number, number], duration = 0) {
    if (!this.#shapes.length) return
    this.#map.updateSize()
    const size = this.#map.getSize()
    if (!size?.[0] || !size[1]) return
    const view = this.#map.getView()
    const [top, right, bottom, left] = this.#padding
    const fitted = (below: number) => {
      const box = [size[0]! - left - right, size[1]! - top - below]
      const resolution = view.getResolutionForExtent(this.#extent, box)
      const middle = getCenter(this.#extent)
      return { resolution, center: [middle[0]! + ((right - left) / 2) * resolution, middle[1]! + ((top - below) / 2) * resolution] }
    }
    const covered = ({ resolution, center }: ReturnType<typeof fitted>) => {
      const [west, south] = [center[0]! - this.#origin[0] - (size[0]! / 2) * resolution, center[1]! - this.#origin[1] - (size[1]! / 2) * resolution]
      return this.#shapes.some(({ box }) => box[0] < west + corner[0] * resolution && box[2] > west && box[1] < south + corner[1] * resolution && box[3] > south)
    }
    const wide = fitted(bottom)
    const chosen = covered(wide) ? fitted(Math.max(bottom, corner[1] + 20)) : wide
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
    const shape = this.#looks.get(zone)?.shape
    if (shape) this.revealPlace(shape.centre, cover, duration)
  }

  /** As `reveal`, of a place in map units. */
  revealPlace(at: Point, cover: number, duration: number) {
    const size = this.#map.getSize()
    if (!size) return
    const place = [at[0] + this.#origin[0], at[1] + this.#origin[1]] as const
    const pixel = this.#map.getPixelFromCoordinate([...place])
    if (!pixel) return
    const [top, right, bottom, left] = this.#padding
    const low = size[1]! - Math.max(bottom, cover + 24)
    if (pixel[0]! > left && pixel[0]! < size[0]! - right && pixel[1]! > Math.min(top, low / 2) && pixel[1]! < low) return
    const view = this.#map.getView()
    view.animate({ center: [place[0], place[1] - (cover / 2) * view.getResolution()!], duration })
  }

  #onMove(event: MapBrowserEvent) {
    if (event.dragging) return this.events.hover(null, [0, 0])
    if ((event.originalEvent as PointerEvent).pointerType === 'touch') return
    const zone = this.#zoneAt(event)
    this.#map.getTargetElement()!.style.cursor = zone || this.markers.hit(event.pixel, this.#map.getSize()!) ? 'pointer' : ''
    this.events.hover(zone, [event.pixel[0]!, event.pixel[1]!])
  }

  #onClick(event: MapBrowserEvent) {
    const marker = this.markers.hit(event.pixel, this.#map.getSize()!)
    this.events.marker(marker && { ...marker, pixel: [event.pixel[0]!, event.pixel[1]!] })
    if (!marker) this.events.select(this.#zoneAt(event))
  }

  /** By geometry, so that nothing is drawn for it. */
  #zoneAt(event: MapBrowserEvent): string | null {
    const place: Point = [event.coordinate[0]! - this.#origin[0], event.coordinate[1]! - this.#origin[1]]
    const reach = STREET_REACH * this.#map.getView().getResolution()!
    const here = this.#shapes.filter(shape => shape.level === this.#level)
    // A street crosses the plazas that it leads over.
    const met = here.find(shape => shape.street != null && covers(shape, place)) ?? here.find(shape => shape.street == null && covers(shape, place)) ?? here.find(shape => covers(shape, place, reach) && shape.street != null)
    return met?.id ?? null
  }

  get #sheets() { return [this.#plan, this.#outline, this.#track] }

  #tellDrawn() {
    if (this.#zones.whole && this.#lines.whole && this.#sheets.every(sheet => sheet.whole)) this.events.drawn()
  }

  #tellResolution() {
    const view = this.#map.getView()
    const [resolution, centre] = [view.getResolution(), view.getCenter()]
    if (!resolution || !centre) return
    this.#rates = resolution <= RATES_UP_TO
    this.events.resolution(getPointResolution(view.getProjection(), resolution, centre, 'm'))
  }
}
