import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { cloud } from '../api/cloud'
import { ApiProblem } from '../api/problem'
import type { Device } from '../api/types'
import type { DistrictPlan } from '../district/useDistrict'
import type { Palette } from '../footfall/palette'
import { joinAt } from './direction'
import type { MarkerKind } from './markerSheet'
import type { Pen } from './sheetView'

/** A device with the place of the line that it counts. */
export interface PlacedDevice { device: Device; at: number[]; level: number | null }

const EVERY_MS = 15_000

/** The devices as long as somebody wants to see them, with those that have a place. */
export function useDevices(plan: DistrictPlan, wanted: Ref<boolean>): { devices: ShallowRef<Device[]>; placed: ShallowRef<PlacedDevice[]>; away: Ref<boolean> } {
  const devices = shallowRef<Device[]>([])
  const placed = shallowRef<PlacedDevice[]>([])
  const away = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function read() {
    clearTimeout(timer)
    try {
      devices.value = await cloud.devices()
      placed.value = devices.value.flatMap(device => place(plan, device) ?? [])
      away.value = false
    } catch (error) {
      // The last known picture stays, and the list of layers says that it is one.
      if (!(error instanceof ApiProblem)) throw error
      away.value = true
    }
    if (wanted.value && !gone) timer = setTimeout(() => void read(), EVERY_MS)
  }
  watch(wanted, want => { if (want) void read(); else clearTimeout(timer) }, { immediate: true })
  onScopeDispose(() => { gone = true; clearTimeout(timer) })
  return { devices, placed, away }
}

/** On the middle of the first line that it counts; a device that counts none has no place on the map. */
export function place(plan: DistrictPlan, device: Device): PlacedDevice | null {
  const line = plan.lines.features.find(({ id }) => device.lines.includes(String(id)))
  if (!line) return null
  const [[ax, ay], [bx, by]] = line.geometry.coordinates as [number[], number[]]
  const join = joinAt(line.properties.joins, Date.now() / 1000)
  const zone = plan.zones.features.find(({ id }) => id === join?.to) ?? plan.zones.features.find(({ id }) => id === join?.from)
  return { device, at: [(ax! + bx!) / 2, (ay! + by!) / 2], level: zone?.properties.level ?? null }
}

const disc = (context: Pen, size: number, fill: string, rim: string) => {
  context.beginPath()
  context.arc(0, 0, size / 2 - size * 0.08, 0, 2 * Math.PI)
  context.fillStyle = fill
  context.fill()
  context.strokeStyle = rim
  context.lineWidth = size * 0.1
  context.stroke()
}
const stroke = (context: Pen, size: number, color: string, ...points: [number, number][]) => {
  context.beginPath()
  for (const [x, y] of points) context.lineTo(x * size, y * size)
  context.strokeStyle = color
  context.lineWidth = Math.max(1, size * 0.09)
  context.lineCap = context.lineJoin = 'round'
  context.stroke()
}
const wave = (context: Pen, size: number, color: string) => {
  context.beginPath()
  context.arc(0, size * 0.16, size * 0.07, 0, 2 * Math.PI)
  context.fillStyle = color
  context.fill()
  for (const r of [0.2, 0.36]) {
    context.beginPath()
    context.arc(0, size * 0.16, size * r, -Math.PI * 0.78, -Math.PI * 0.22)
    context.strokeStyle = color
    context.lineWidth = Math.max(1, size * 0.08)
    context.stroke()
  }
}

/** State as shape first: heard, silent (struck through), never heard (empty). */
export const deviceKind: MarkerKind = {
  id: 'devices',
  glideMs: 0,
  sprites: {
    live: (context, size, palette: Palette) => { disc(context, size, palette.plate, palette.line); wave(context, size, palette.hovered) },
    silent: (context, size, palette: Palette) => {
      disc(context, size, palette.selected, palette.plate)
      stroke(context, size, palette.plate, [-0.18, -0.18], [0.18, 0.18])
      stroke(context, size, palette.plate, [0.18, -0.18], [-0.18, 0.18])
    },
    unknown: (context, size, palette: Palette) => { context.setLineDash([size * 0.14, size * 0.12]); disc(context, size, palette.plate, palette.line); context.setLineDash([]); stroke(context, size, palette.line, [-0.14, 0], [0.14, 0]) },
  },
}
