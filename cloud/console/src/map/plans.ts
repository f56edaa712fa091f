import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { get } from '../api/client'
import { cloud } from '../api/cloud'
import { ApiProblem, normalize } from '../api/problem'
import type { FloorPlanInfo, LocalizedName } from '../api/types'
import type { PlanVectors } from './planSheet'
import type { Point } from './shape'

export interface LoadedPlan { info: FloorPlanInfo; drawing: { image: HTMLImageElement; width: number; height: number } | PlanVectors }

/** Why a plan is not there. */
export interface PlanFault { name: LocalizedName; code: PlanProblem }

const RETRY_MS = 15_000
const PROBLEMS = ['plan_missing', 'plan_too_large', 'plan_no_image'] as const
type PlanProblem = (typeof PROBLEMS)[number]

/** The district's floor plans; what cannot be shown is told by name, and hinders none of the others. */
export function usePlans(): { plans: ShallowRef<LoadedPlan[]>; faults: ShallowRef<PlanFault[]> } {
  const plans = shallowRef<LoadedPlan[]>([])
  const faults = shallowRef<PlanFault[]>([])
  const fail = (info: FloorPlanInfo, code: string) => {
    faults.value = [...faults.value, { name: info.name, code: PROBLEMS.find(known => known === normalize(code)) ?? 'plan_no_image' }]
  }

  async function load(info: FloorPlanInfo) {
    if (info.problem) return fail(info, info.problem.code)
    const url = `/api/v1/plans/${encodeURIComponent(info.id)}`
    try {
      const drawing = info.widthMetres == null ? vectorsOf(await get<unknown>(url)) : await picture(url, info.widthMetres)
      plans.value = [...plans.value, { info, drawing }]
    } catch (error) {
      // Decoding fails with an error of its own.
      fail(info, error instanceof ApiProblem ? error.code : 'plan_no_image')
    }
  }

  let again: ReturnType<typeof setTimeout> | undefined
  async function list() {
    try {
      for (const info of await cloud.plans()) void load(info)
    } catch (error) {
      // Why the cloud is away is said by the connection's state.
      if (!(error instanceof ApiProblem)) throw error
      again = setTimeout(() => void list(), RETRY_MS)
    }
  }
  void list()
  onScopeDispose(() => clearTimeout(again))
  return { plans, faults }
}

/** As an image: scripts in an SVG are not run, and nothing that it refers to is fetched. */
async function picture(url: string, width: number) {
  const image = new Image()
  image.src = url
  await image.decode()
  return { image, width, height: (width * (image.naturalHeight || 1)) / (image.naturalWidth || 1) }
}

type Positions = number[] | Positions[]
interface Feature { geometry?: { type?: string; coordinates?: Positions } | null; properties?: Record<string, unknown> | null }

const isPoint = (p: unknown): p is number[] => Array.isArray(p) && Number.isFinite(p[0]) && Number.isFinite(p[1])
const pathOf = (points: unknown): Point[] => (Array.isArray(points) ? points.filter(isPoint).map(([x, y]) => [x!, y!] as const) : [])

/** Walls from lines, rooms from polygons, words from points that have a name; what is neither is left out. */
export function vectorsOf(json: unknown): PlanVectors {
  const features = (json as { features?: unknown } | null)?.features
  const vectors: PlanVectors = { areas: [], walls: [], words: [] }
  for (const { geometry, properties } of Array.isArray(features) ? (features as Feature[]) : []) {
    const c = geometry?.coordinates as unknown[] | undefined
    switch (geometry?.type) {
      case 'Polygon': vectors.areas.push(...(c ?? []).map(pathOf)); break
      case 'MultiPolygon': vectors.areas.push(...(c ?? []).flatMap(part => (Array.isArray(part) ? part.map(pathOf) : []))); break
      case 'LineString': vectors.walls.push(pathOf(c)); break
      case 'MultiLineString': vectors.walls.push(...(c ?? []).map(pathOf)); break
      case 'Point': if (isPoint(c) && typeof properties?.name === 'string') vectors.words.push({ at: [c[0]!, c[1]!], text: properties.name }); break
    }
  }
  return vectors
}

/** Where a plan's metres lie, in map units: its origin, turned counter-clockwise by degrees. */
export function placing(origin: Point, rotation: number, unitsPerMetre: number): (east: number, north: number) => Point {
  const [cos, sin] = [Math.cos((rotation * Math.PI) / 180) * unitsPerMetre, Math.sin((rotation * Math.PI) / 180) * unitsPerMetre]
  return (east, north) => [origin[0] + east * cos - north * sin, origin[1] + east * sin + north * cos]
}
