// Takes pictures of every state of the console in both languages, widths and themes into shots/.
// node mock/screenshots.mjs [--url http://127.0.0.1:PORT --name NAME --password PASSWORD] [name part]; without --url it serves dist/ with the mock cloud.
import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { preview } from 'vite'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' }, name: { type: 'string' }, password: { type: 'string' } } })
const server = values.url ? null : await preview({ mode: 'mock', preview: { port: 0, host: '127.0.0.1' } })
const url = values.url ?? `http://127.0.0.1:${server.httpServer.address().port}`
const name = values.name ?? 'lin'
const password = values.password ?? 'harbour-2026'

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const desktop = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
const scenario = name => (server ? fetch(`${url}/mock?scenario=${name}`) : null)
const now = Date.parse((await fetch(`${url}/api/v1/session`)).headers.get('date'))
const ago = hours => `${new Date(Math.floor(now / 900_000) * 900_000 - hours * 3_600_000).toISOString().slice(0, 16)}Z`
const aDevice = i => (values.url ? 'node-01' : `cam-z${Math.floor(i / 8) + 1}${(i % 8) + 1}`)
const aZone = values.url ? 'central-plaza' : 'z23'

const shots = [
  { name: 'live-zh-light', size: desktop, lang: 'zh-CN', theme: 'light' },
  { name: 'live-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark' },
  { name: 'live-en-light', size: desktop, lang: 'en-GB', theme: 'light' },
  { name: 'zone-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: `/?zone=${aZone}` },
  { name: 'zone-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: `/?zone=${aZone}` },
  { name: 'replay-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: `/?t=${ago(4)}` },
  { name: 'replay-partial-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: `/?t=${ago(7)}&zone=z36` },
  { name: 'hover-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', act: page => page.mouse.move(560, 420) },
  { name: 'stale-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', act: async page => { await scenario('away'); await page.waitForTimeout(3500) } },
  { name: 'empty-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', scenario: 'empty' },
  { name: 'empty-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', scenario: 'empty' },
  { name: 'error-en-light', size: desktop, lang: 'en-GB', theme: 'light', scenario: 'broken' },
  { name: 'error-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', scenario: 'broken' },
  { name: 'sign-in-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', signedOut: true },
  { name: 'sign-in-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', signedOut: true, act: wrongCode },
  { name: 'map-density-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/?measure=density' },
  { name: 'map-occupancy-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/?measure=occupancy&layers=lines,names,devices' },
  { name: 'map-level-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/?level=1', act: near },
  { name: 'map-level-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: '/?level=1', act: near },
  { name: 'map-near-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/?layers=lines,names,devices', act: near },
  { name: 'map-layers-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/?layers=lines,names,devices', act: page => page.locator('.layers .toggle').click() },
  { name: 'map-layers-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/?layers=lines,names,devices', act: page => page.locator('.layers .toggle').click() },
  { name: 'map-keys-en-light', size: desktop, lang: 'en-GB', theme: 'light', act: async page => { await page.locator('.target').focus(); for (const key of ['ArrowLeft', 'ArrowDown']) await page.keyboard.press(key) } },
  { name: 'map-phone-density-en-dark', size: phone, lang: 'en-GB', theme: 'dark', path: '/?measure=density&level=1' },
  { name: 'map-phone-layers-zh-light', size: phone, lang: 'zh-CN', theme: 'light', act: page => page.locator('.layers .toggle').click() },
  { name: 'assets-list-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/?list=assets' },
  { name: 'assets-list-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/?list=assets' },
  { name: 'assets-locker-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/?asset=locker:lk-metro' },
  { name: 'assets-locker-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/?asset=locker:lk-metro' },
  { name: 'assets-kiosk-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/?asset=kiosk:ks-metro' },
  { name: 'assets-cart-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: '/?asset=cart:cart-1', act: page => page.waitForTimeout(2500) },
  { name: 'assets-cart-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/?asset=cart:cart-4' },
  { name: 'assets-key-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', act: key },
  { name: 'assets-key-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', act: key },
  { name: 'assets-near-en-light', size: desktop, lang: 'en-GB', theme: 'light', act: near },
  { name: 'assets-replay-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: `/?t=${ago(4)}&asset=locker:lk-mall` },
  { name: 'assets-stale-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/?asset=cart:cart-1', act: async page => { await scenario('away'); await page.waitForTimeout(3500) } },
  { name: 'phone-assets-list-en-light', size: phone, lang: 'en-GB', theme: 'light', path: '/?list=assets', act: page => page.locator('.grip').click() },
  { name: 'phone-assets-locker-zh-dark', size: phone, lang: 'zh-CN', theme: 'dark', path: '/?asset=locker:lk-metro' },
  { name: 'phone-assets-cart-en-dark', size: phone, lang: 'en-GB', theme: 'dark', path: '/?asset=cart:cart-5' },
  { name: 'phone-live-zh-light', size: phone, lang: 'zh-CN', theme: 'light' },
  { name: 'phone-live-en-dark', size: phone, lang: 'en-GB', theme: 'dark' },
  { name: 'phone-list-zh-light', size: phone, lang: 'zh-CN', theme: 'light', act: page => page.locator('.grip').click() },
  { name: 'phone-zone-en-dark', size: phone, lang: 'en-GB', theme: 'dark', path: `/?zone=${aZone}` },
  { name: 'phone-replay-zh-dark', size: phone, lang: 'zh-CN', theme: 'dark', path: `/?t=${ago(3)}` },
  { name: 'phone-stale-en-light', size: phone, lang: 'en-GB', theme: 'light', act: async page => { await scenario('away'); await page.waitForTimeout(3500) } },
  { name: 'range-week-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: `/?range=7d&t=${ago(30)}` },
  { name: 'range-year-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: `/?range=365d&t=${ago(24 * 40)}&zone=${aZone}` },
  { name: 'range-picker-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', act: page => page.locator('.timebar .opener').first().click() },
  { name: 'range-fault-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/?from=2026-06-12T10:00&to=2026-06-11T10:00', act: reversed },
  { name: 'difference-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: `/?t=${ago(4)}&compare=week` },
  { name: 'difference-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: `/?range=7d&t=${ago(30)}&compare=weeks4&zone=${aZone}` },
  { name: 'difference-picker-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: `/?t=${ago(4)}&compare=week`, act: page => page.locator('.timebar .opener').nth(1).click() },
  { name: 'phone-difference-zh-light', size: phone, lang: 'zh-CN', theme: 'light', path: `/?t=${ago(4)}&compare=week` },
  { name: 'phone-difference-zone-en-dark', size: phone, lang: 'en-GB', theme: 'dark', path: `/?t=${ago(4)}&compare=week&zone=${aZone}` },
  { name: 'history-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/history', whole: true },
  { name: 'history-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: `/history?zone=${aZone}&weeks=12&day=2026-06-06`, whole: true, act: page => page.locator('.cell').nth(100).hover() },
  { name: 'history-form-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/history?day=2026-05-01', whole: true, act: addEntry },
  { name: 'history-empty-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: '/history?year=2021', whole: true },
  { name: 'phone-history-zh-light', size: phone, lang: 'zh-CN', theme: 'light', path: '/history', whole: true },
  { name: 'phone-history-en-dark', size: phone, lang: 'en-GB', theme: 'dark', path: '/history?day=2026-06-06', whole: true },
  { name: 'phone-range-picker-en-light', size: phone, lang: 'en-GB', theme: 'light', act: page => page.locator('.timebar .opener').first().click() },
  { name: 'phone-range-week-zh-dark', size: phone, lang: 'zh-CN', theme: 'dark', path: `/?range=7d&t=${ago(30)}` },
  { name: 'alarms-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/alarms' },
  { name: 'alarms-panel-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/alarms?alarm=1' },
  { name: 'alarms-panel-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/alarms?alarm=3' },
  { name: 'alarms-storm-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/alarms?alarm=2', act: page => page.locator('button.more').first().click() },
  { name: 'alarms-history-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: '/alarms?view=history&alarm=14' },
  { name: 'alarms-rules-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/alarms?view=rules' },
  { name: 'alarms-rule-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: '/alarms?view=rules', act: page => page.locator('td.acts button').nth(1).click() },
  { name: 'alarms-webhooks-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/alarms?view=webhooks' },
  { name: 'alarms-webhooks-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/alarms?view=webhooks', act: page => page.locator('.top .primary').click() },
  { name: 'alarms-empty-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/alarms', scenario: 'empty' },
  { name: 'alarms-filtered-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/alarms?kind=runway' },
  { name: 'phone-alarms-zh-light', size: phone, lang: 'zh-CN', theme: 'light', path: '/alarms' },
  { name: 'phone-alarms-en-dark', size: phone, lang: 'en-GB', theme: 'dark', path: '/alarms' },
  { name: 'phone-alarms-panel-zh-dark', size: phone, lang: 'zh-CN', theme: 'dark', path: '/alarms?alarm=1' },
  { name: 'phone-alarms-rules-en-light', size: phone, lang: 'en-GB', theme: 'light', path: '/alarms?view=rules' },
  { name: 'phone-alarms-webhooks-zh-light', size: phone, lang: 'zh-CN', theme: 'light', path: '/alarms?view=webhooks' },
  { name: 'devices-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: '/devices' },
  { name: 'devices-low-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: '/devices?state=low' },
  { name: 'devices-device-en-dark', size: desktop, lang: 'en-GB', theme: 'dark', path: `/devices?device=${aDevice(5)}` },
  { name: 'devices-stale-zh-light', size: desktop, lang: 'zh-CN', theme: 'light', path: `/devices?device=${aDevice(17)}` },
  { name: 'devices-never-told-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: `/devices?device=${aDevice(13)}` },
  { name: 'devices-untold-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: `/devices?device=${aDevice(4)}` },
  { name: 'devices-environment-en-light', size: desktop, lang: 'en-GB', theme: 'light', path: '/devices?device=cabinet-1' },
  { name: 'devices-gateway-zh-dark', size: desktop, lang: 'zh-CN', theme: 'dark', path: '/devices?gateway=gw-1' },
  { name: 'phone-devices-zh-light', size: phone, lang: 'zh-CN', theme: 'light', path: '/devices' },
  { name: 'phone-devices-low-en-dark', size: phone, lang: 'en-GB', theme: 'dark', path: '/devices?state=low' },
  { name: 'phone-devices-device-zh-dark', size: phone, lang: 'zh-CN', theme: 'dark', path: `/devices?device=${aDevice(5)}` },
  { name: 'phone-devices-environment-en-light', size: phone, lang: 'en-GB', theme: 'light', path: '/devices?device=cabinet-1' },
  { name: 'phone-sign-in-zh-dark', size: phone, lang: 'zh-CN', theme: 'dark', signedOut: true },
]

async function wrongCode(page) {
  await page.locator('#name').fill('lin')
  await page.locator('#password').fill('not-it')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(400)
}

async function key(page) {
  await page.locator('.layers .toggle').click()
  await page.locator('.layers summary').click()
}
async function near(page) {
  const { x, y, width, height } = await page.locator('.target').boundingBox()
  await page.mouse.move(x + width / 2, y + height / 2)
  for (let i = 0; i < 2; i++) { await page.mouse.wheel(0, -200); await page.waitForTimeout(250) }
  await page.waitForTimeout(1200)
}

async function reversed(page) {
  await page.locator('.timebar .opener').first().click()
  await page.locator('input[name=from]').fill('2026-06-12T10:00')
  await page.locator('input[name=to]').fill('2026-06-11T10:00')
  await page.keyboard.press('Enter')
}

async function addEntry(page) {
  await page.locator('aside > .button').click()
  await page.locator('button[type=submit]').click()
}

// Signed in once: the service limits attempts.
const visitor = await browser.newContext()
await visitor.request.post(`${url}/api/v1/session`, { data: { name, password } })
const session = await visitor.storageState()

mkdirSync('shots', { recursive: true })
let faults = 0
for (const shot of shots.filter(({ name }) => !positionals[0] || name.includes(positionals[0]))) {
  await scenario(shot.scenario ?? 'normal')
  const context = await browser.newContext({ viewport: shot.size, locale: shot.lang, colorScheme: shot.theme, storageState: shot.signedOut ? undefined : session, timezoneId: 'Europe/Berlin', deviceScaleFactor: shot.size === phone ? 2 : 1, hasTouch: shot.size === phone })
  const page = await context.newPage()
  const expected = shot.scenario === 'broken' || shot.name.includes('stale') || shot.signedOut
  page.on('console', message => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (expected && /Failed to load resource|EventSource/.test(message.text())) return
    faults++
    console.log(`${shot.name}: ${message.text()}`)
  })
  page.on('pageerror', error => { faults++; console.log(`${shot.name}: ${error.stack}`) })
  await page.goto(url + (shot.path ?? '/'))
  await page.waitForTimeout(1500)
  await shot.act?.(page)
  await page.waitForTimeout(300)
  // A page that scrolls within itself is shown whole.
  if (shot.whole) await page.setViewportSize({ width: shot.size.width, height: await page.evaluate(() => document.querySelector('.content').scrollHeight + 140) })
  await page.screenshot({ path: `shots/${shot.name}.png` })
  await context.close()
}
await scenario('normal')
await browser.close()
await server?.close()
console.log(faults ? `${faults} messages in the browser's console` : 'no message in the browser\'s console')
process.exit(faults ? 1 : 0)
