/** A made-up harbour district of 48 zones: six rows of blocks bent along a quay. Used by `npm run dev:mock` and the tests. */
type Point = [number, number]

/** MOCK_TILES=6 makes 1,728 zones: how does a big district feel? */
const TILES = Number(process.env.MOCK_TILES ?? 1)
const tiled = (sizes: number[]) => Array.from({ length: TILES }, () => sizes).flat()
const COLUMNS = tiled([92, 64, 110, 76, 120, 70, 98, 84])
const ROWS = tiled([58, 74, 62, 90, 66, 46])
const STREET = 9
const ORIGIN: Point = [121.4906, 31.2388]

const KINDS = ['promenade', 'plaza', 'street', 'shop', 'hall', 'street'] as const
const ZH = ['码头步道', '广场', '食街', '商铺', '展厅', '后街']
const EN = ['Quay walk', 'Plaza', 'Food street', 'Arcade', 'Hall', 'Back lane']

/** Bends the straight plan along an arc and puts it on the globe. */
function place(x: number, y: number): Point {
  const radius = 1100 * TILES
  const angle = (x - 400 * TILES) / radius + 0.16
  const r = radius + y
  const east = Math.sin(angle) * r
  const north = Math.cos(angle) * r - radius
  return [ORIGIN[0] + east / 95_400, ORIGIN[1] - north / 111_200]
}

/** A block with chamfered corners, its long edges subdivided so that they follow the arc. */
function block(x: number, y: number, w: number, h: number): Point[] {
  const c = 5
  const corners: Point[] = [
    [x + c, y], [x + w / 2, y], [x + w - c, y], [x + w, y + c], [x + w, y + h - c],
    [x + w - c, y + h], [x + w / 2, y + h], [x + c, y + h], [x, y + h - c], [x, y + c],
  ]
  return [...corners, corners[0]!].map(([px, py]) => place(px, py))
}

export const district = {
  id: 'harbour',
  name: { zh: '海港商圈', en: 'Harbour District' },
  timeZone: 'Asia/Shanghai',
  coordinates: 'wgs84' as const,
  occupancyReset: '04:00',
  store: 'embedded',
  levels: [{ level: 1, name: { zh: '二层', en: 'Upper floor' } }, { level: 0, name: { zh: '地面', en: 'Ground' } }],
  lockers: 3,
  kiosks: 3,
  carts: 5,
  basemap: null,
}

const zoneFeatures: object[] = []
const lineFeatures: object[] = []
export const zoneIds: string[] = []

let y = 0
ROWS.forEach((h, row) => {
  let x = 0
  COLUMNS.forEach((w, column) => {
    const id = `z${row + 1}${TILES > 1 ? '-' : ''}${column + 1}`
    const number = column + 1
    zoneIds.push(id)
    zoneFeatures.push({
      type: 'Feature',
      id,
      geometry: { type: 'Polygon', coordinates: [block(x, y, w, h)] },
      properties: {
        name: { zh: `${ZH[row % 6]}${number}号`, en: `${EN[row % 6]} ${number}` },
        kind: KINDS[row % 6],
        level: 0,
        areaSquareMetres: w * h,
        capacity: Math.round((w * h) / 6),
        widthMetres: null,
      },
    })
    const below = row + 1 < ROWS.length ? `z${row + 2}${TILES > 1 ? '-' : ''}${number}` : 'outside'
    lineFeatures.push({
      type: 'Feature',
      id: `ln-${id}`,
      geometry: { type: 'LineString', coordinates: [place(x + w * 0.35, y + h + STREET / 2), place(x + w * 0.65, y + h + STREET / 2)] },
      properties: {
        name: { zh: `${ZH[row % 6]}${number}口`, en: `${EN[row % 6]} ${number} gate` },
        device: `cam-${id}`,
        gateway: 'gw-1',
        joins: [{ since: '2026-01-01T00:00:00+08:00', from: below, to: id }],
        calibration: id === 'z23' ? [{ since: '2026-02-01T00:00:00+08:00', entries: 1.08, exits: 0.97 }] : [],
      },
    })
    x += w + STREET
  })
  y += h + STREET
})

// An upper floor of the middle blocks, with a gallery that is a street, and its plan in metres.
const FLOOR: [string, string, string, number, number, number, number][] = [
  ['u1', '影院', 'Cinema', 300, 140, 130, 100], ['u2', '书店', 'Book shop', 440, 140, 90, 100], ['u3', '美食广场', 'Food court', 300, 264, 230, 90],
]
for (const [id, zh, en, fx, fy, w, h] of FLOOR) {
  zoneIds.push(id)
  zoneFeatures.push({
    type: 'Feature', id, geometry: { type: 'Polygon', coordinates: [block(fx, fy, w, h)] },
    properties: { name: { zh, en }, kind: 'hall', level: 1, areaSquareMetres: w * h, capacity: 400, widthMetres: null },
  })
}
zoneIds.push('u4')
zoneFeatures.push({
  type: 'Feature', id: 'u4', geometry: { type: 'LineString', coordinates: [place(300, 252), place(380, 252), place(460, 252), place(530, 252)] },
  properties: { name: { zh: '连廊', en: 'Gallery' }, kind: 'corridor', level: 1, areaSquareMetres: 2300, capacity: 300, widthMetres: 12 },
})

const bent = (x: number, y: number): Point => { const [lon, lat] = place(x, y); return [(lon - ORIGIN[0]) * 95_400, (lat - ORIGIN[1]) * 111_200] }
const room = (x: number, y: number, w: number, h: number) => ({ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[bent(x, y), bent(x + w, y), bent(x + w, y + h), bent(x, y + h), bent(x, y)]] } })
export const floorPlan = {
  type: 'FeatureCollection',
  features: [
    ...[0, 1, 2, 3].map(i => room(302 + i * 32, 142, 30, 34)), ...[0, 1, 2].map(i => room(442 + i * 29, 142, 27, 30)), ...[0, 1, 2, 3, 4, 5, 6].map(i => room(304 + i * 32, 324, 30, 28)),
    { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: [bent(340, 200), bent(340, 240), bent(420, 240)] } },
    { type: 'Feature', properties: { name: '扶梯 Escalator' }, geometry: { type: 'Point', coordinates: bent(420, 290) } },
  ],
}
const problem = { code: 'plan-too-large', detail: 'hall.png has 50 MB, at most 20 MB are shown: save it smaller (fewer pixels, or WebP)' }
export const plans = [
  { id: 'upper', name: { zh: '二层平面', en: 'Upper floor' }, level: 1, at: ORIGIN, rotation: 0, widthMetres: null, tag: 'a', problem: null },
  { id: 'large', name: { zh: '大厅', en: 'Hall' }, level: 1, at: ORIGIN, rotation: 0, widthMetres: 80, tag: '', problem },
]

export const zones = { type: 'FeatureCollection', features: zoneFeatures }
export const lines = { type: 'FeatureCollection', features: lineFeatures }
