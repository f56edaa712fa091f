// The technician's page: plain DOM, no framework, no network beyond the gateway itself.
const $ = id => document.getElementById(id)
const sections = ['wiring', 'walk', 'sniff', 'state']
const languages = ['zh', 'en']
let language = languages.includes(localStorage.language) ? localStorage.language : navigator.language.startsWith('zh') ? 'zh' : 'en'
let texts = {}
let wiring = null
let live = null
let allowed = false

const text = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
const named = name => language === 'zh' ? name.zh : name.en
const number = n => new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB').format(n)

/** Makes an element: make('p.quiet', {title: 'x'}, 'text', child…). */
function make(kind, ...content) {
  const [tag, ...classes] = kind.split('.')
  const element = document.createElement(tag)
  element.classList.add(...classes)
  for (const part of content)
    if (part !== null && typeof part === 'object' && !(part instanceof Node)) Object.entries(part).forEach(([name, value]) => element.setAttribute(name, value))
    else if (part !== null && part !== undefined) element.append(part)
  return element
}

/** Changes a text only where it differs, so that a screen reader is not told the same again. */
function say(element, value) {
  if (element.textContent !== value) element.textContent = value
}

class Refused extends Error {
  constructor(code, problem, wait) {
    super(problem)
    this.code = code
    this.wait = wait
  }
}

async function ask(path, body) {
  const request = body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch('api/' + path, request)
  if (response.ok) return response.json()
  const problem = await response.json().catch(() => ({}))
  if (response.status === 401 && path !== 'enter') leave()
  throw new Refused(response.status, problem.problem ?? response.statusText, response.headers.get('Retry-After'))
}

// ---- language, sections, signing in

async function speak(next) {
  const file = await fetch(`texts.${next}.json`)
  if (!file.ok) throw new Refused(file.status, file.statusText)
  texts = await file.json()
  language = next
  localStorage.language = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = text(element.dataset.text)
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', text(element.dataset.label))
  $('language').textContent = next === 'zh' ? 'English' : '中文'
  $('language').lang = next === 'zh' ? 'en' : 'zh'
  if (wiring) {
    drawWiring()
    drawLive()
    show()
  }
}

function show() {
  const wanted = sections.includes(location.hash.slice(1)) ? location.hash.slice(1) : 'wiring'
  $('enter').hidden = allowed
  document.querySelector('nav').hidden = !allowed
  for (const section of sections) $(section).hidden = !allowed || section !== wanted
  for (const link of document.querySelectorAll('nav a'))
    if (link.hash === '#' + wanted) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  if (!allowed) return
  if (wanted === 'walk') drawWalks()
  if (wanted === 'sniff') drawSniff()
  if (wanted === 'state') drawState()
}

function leave() {
  if (!allowed) return
  allowed = false
  show()
  $('code').focus()
}

async function enter() {
  allowed = true
  wiring = await ask('wiring')
  document.title = text('title', { gateway: wiring.gateway })
  drawWiring()
  await look()
  show()
}

$('language').addEventListener('click', () => speak(language === 'zh' ? 'en' : 'zh'))
addEventListener('hashchange', () => {
  if (!sections.includes(location.hash.slice(1))) return
  show()
  $('main').focus()
})
$('enter-form').addEventListener('submit', async event => {
  event.preventDefault()
  say($('enter-problem'), '')
  try {
    await ask('enter', { code: $('code').value })
    $('code').value = ''
    await enter()
  } catch (refused) {
    say($('enter-problem'), refused.code === 429 ? text('enter_wait', { seconds: refused.wait }) : text('enter_wrong'))
  }
})

// ---- wiring and what moves

const cards = new Map()

function drawWiring() {
  $('gateway').textContent = `${named(wiring.gateway_name)} · ${wiring.gateway}`
  $('district').textContent = named(wiring.district_name)
  cards.clear()
  $('devices').replaceChildren(...wiring.devices.map(device => {
    const state = make('span.chip')
    const counts = make('div.counts', ...device.channels.map(channel => lineCount(device, channel)))
    const figures = make('p.address')
    const own = make('p.address', { hidden: '', 'data-own': '' })
    const levels = make('div.levels')
    const note = make('p.note', { hidden: '' })
    cards.set(device.id, { device, state, figures, own, levels, note })
    return make('li', { 'data-device': device.id },
      make('div.top', make('strong', device.id), state),
      make('p.address', [device.title || device.profile, device.reversed ? text('reversed') : '', device.period_seconds ? text('every', { n: device.period_seconds }) : ''].filter(Boolean).join(' · ')),
      make('p.address', make('code', device.gpio ? `${device.gpio.chip}: ${device.gpio.lines.map(line => `${line.role} = ${line.line}`).join(', ')} · ${device.gpio.bias}${device.gpio.active_low ? ' · active low' : ''} · ${device.gpio.debounce_milliseconds} ms` : device.topic || device.address)),
      counts, levels, figures, own, note)
  }))
  const line = $('walk-line').value
  $('walk-line').replaceChildren(...wiring.lines.map(line => make('option', { value: line.id }, `${line.id} · ${named(line.name)}`)))
  if (line) $('walk-line').value = line
  describeLine()
  filter()
}

function lineCount(device, channel) {
  const line = wiring.lines.find(line => line.id === channel.line)
  const label = [device.channels.length > 1 ? text('channel', { channel: channel.channel }) : '', channel.exits_only ? text('exits_only') : ''].filter(Boolean).join(', ')
  return make('div.line', make('span', `${channel.line} · ${line ? named(line.name) : ''}`), make('b', { 'data-line': channel.line }, '0 / 0'), make('span', `${text('in')} / ${text('out')}${label ? ' · ' + label : ''}`))
}

function ago(seconds) {
  if (seconds === null) return text('never')
  return seconds < 120 ? text('seconds_ago', { n: seconds }) : seconds < 7200 ? text('minutes_ago', { n: Math.round(seconds / 60) }) : text('hours_ago', { n: Math.round(seconds / 3600) })
}

const moment = at => new Date(at).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'short', timeStyle: 'short' })

const stateText = state => texts['state_' + state] ?? state
const why = device => texts['why_' + device.state] ?? device.cause
const advice = device => texts['do_' + device.state] ?? (language === 'en' && device.next_step ? device.next_step : text('do_other'))

function drawLive() {
  if (!live) return
  const gpio = new Map(live.gpio.map(entry => [entry.device, entry]))
  for (const device of live.devices) {
    const card = cards.get(device.id)
    if (!card) continue
    const pins = gpio.get(device.id)
    const ok = device.state === 'ok' && !pins?.fault
    say(card.state, pins?.fault ? text('state_gpio') : stateText(device.state))
    card.state.className = 'chip ' + (ok ? 'good' : device.state === 'faulted' || pins?.fault ? 'bad' : 'warn')
    card.bad = !ok
    say(card.figures, [`${text('age')}: ${ago(device.age_seconds)}`, `${text('readings')} ${number(device.readings)}`,
      device.missing ? `${text('missing')} ${number(device.missing)}` : '', device.refused ? `${text('refused')} ${number(device.refused)}` : '',
      pins ? `${text('edges')} ${number(pins.edges)}` : '', pins?.lost ? `${text('lost')} ${number(pins.lost)}` : ''].filter(Boolean).join(' · '))
    card.own.hidden = device.battery_at === null && device.firmware === null
    if (!card.own.hidden) say(card.own, [
      device.battery_at === null ? '' : `${text('battery')} ${device.battery_volts === null ? `${number(device.battery_percent)}%` : `${device.battery_volts} V`} (${ago(Math.max(0, Math.round((live.at - device.battery_at) / 1000)))})`,
      device.firmware === null ? '' : text('firmware', { version: device.firmware, time: moment(device.firmware_since) })].filter(Boolean).join(' · '))
    card.note.hidden = ok
    card.note.className = 'note' + (device.state === 'faulted' || pins?.fault ? ' bad' : '')
    if (!ok) say(card.note, pins?.fault ? pins.fault : [why(device), advice(device)].filter(Boolean).join(language === 'zh' ? '。' : '. '))
    if (pins) drawLevels(card, pins)
  }
  for (const line of live.lines)
    for (const count of document.querySelectorAll(`[data-line="${CSS.escape(line.id)}"]`)) {
      const now = `${number(line.entered)} / ${number(line.left)}`
      if (count.textContent === now) continue
      const first = count.dataset.known === undefined
      count.dataset.known = ''
      count.textContent = now
      if (first) continue
      count.classList.remove('flash')
      void count.offsetWidth
      count.classList.add('flash')
    }
  filter()
  drawWalk()
  $('trouble').hidden = live.failing.length === 0
  if (live.failing.length) say($('trouble'), text('failing', { why: live.failing.map(told).map(reason => `${reason.part}: ${reason.what} ${reason.next}`).join(' ') }))
  const health = live.failing.length ? 'failing' : live.devices.some(device => device.state !== 'ok') || live.gpio.some(entry => entry.fault) ? 'degraded' : 'ok'
  say($('health'), text('health_' + health))
  $('health').className = 'chip ' + { ok: 'good', degraded: 'warn', failing: 'bad' }[health]
}

function drawLevels(card, pins) {
  const wired = card.device.gpio?.lines ?? []
  if (card.levels.childElementCount !== pins.levels.length)
    card.levels.replaceChildren(...pins.levels.map(() => make('span.level')))
  pins.levels.forEach((level, i) => {
    const line = wired.find(line => line.role === level.role)
    const element = card.levels.children[i]
    element.className = 'level' + (level.level ? ' on' : '')
    say(element, `${level.role}${line ? ` (${line.line})` : ''}: ${level.level} ${text(level.level ? 'beam_on' : 'beam_off')}`)
  })
}

function filter() {
  const wanted = $('filter').value.trim().toLowerCase()
  const faults = $('only-faults').checked
  let shown = 0
  for (const item of $('devices').children) {
    const card = cards.get(item.dataset.device)
    item.hidden = (faults && !card.bad) || (wanted !== '' && !item.textContent.toLowerCase().includes(wanted))
    if (!item.hidden) shown++
  }
  $('wiring-none').hidden = shown > 0
}
$('filter').addEventListener('input', filter)
$('only-faults').addEventListener('change', filter)

// ---- walk test

function describeLine() {
  const device = wiring.devices.find(device => device.channels.some(channel => channel.line === $('walk-line').value))
  say($('walk-device'), device ? `${device.id} · ${device.title || device.profile}${device.period_seconds ? ' · ' + text('every', { n: device.period_seconds }) : ''}` : '')
}
$('walk-line').addEventListener('change', describeLine)

function task(walk) {
  const key = walk.expected_in && walk.expected_out ? 'walk_task_both' : walk.expected_in ? 'walk_task_in' : 'walk_task_out'
  return text(key, { in: walk.expected_in, out: walk.expected_out })
}

let judged = null

function drawWalk() {
  const walk = live?.walk
  $('walk-now').hidden = !walk
  if (!walk) return
  const line = wiring.lines.find(line => line.id === walk.line)
  const device = wiring.devices.find(device => device.channels.some(channel => channel.line === walk.line))
  const running = walk.result === 'running'
  say($('walk-now-line'), `${walk.line} · ${line ? named(line.name) : ''}`)
  say($('walk-task'), task(walk) + (running && device?.period_seconds ? ' ' + text('walk_wait', { n: device.period_seconds }) : ''))
  const counts = [['in', walk.entries, walk.expected_in], ['out', walk.exits, walk.expected_out]]
  if ($('walk-counts').childElementCount !== 2) $('walk-counts').replaceChildren(...counts.map(() => make('div', make('dt'), make('dd'))))
  counts.forEach(([direction, counted, expected], i) => {
    const [name, value] = $('walk-counts').children[i].children
    say(name, text(direction))
    say(value, `${counted}/${expected}`)
    value.dataset.direction = direction
    value.className = counted === expected ? (expected ? 'good' : 'quiet') : counted > expected || !running ? 'bad' : ''
  })
  say($('walk-result'), text('walk_' + walk.result))
  $('walk-result').className = walk.result === 'passed' ? 'good' : walk.result === 'failed' ? 'bad' : ''
  say($('walk-cause'), walk.cause ? text('cause_' + walk.cause) : '')
  $('walk-stop').hidden = !running
  if (!running && judged !== walk.number) {
    judged = walk.number
    if (!$('walk').hidden) drawWalks()
  }
}

async function drawWalks() {
  const walks = (await ask('walks')).filter(walk => walk.result !== 'running').reverse()
  $('walks').hidden = walks.length === 0
  $('walks-none').hidden = walks.length > 0
  $('walks').tBodies[0].replaceChildren(...walks.slice(0, 30).map(walk => make('tr',
    make('td.number', moment(walk.started_at)),
    make('td', walk.line),
    make('td.number', `${walk.entries}/${walk.expected_in}`), make('td.number', `${walk.exits}/${walk.expected_out}`),
    make('td.' + (walk.result === 'passed' ? 'good' : walk.result === 'failed' ? 'bad' : 'quiet'), text('walk_' + walk.result)))))
}

$('walk-form').addEventListener('submit', async event => {
  event.preventDefault()
  say($('walk-problem'), '')
  const direction = new FormData($('walk-form')).get('direction')
  const times = Number($('walk-times').value)
  try {
    await ask('walk/start', { line: $('walk-line').value, in: direction === 'out' ? 0 : times, out: direction === 'in' ? 0 : times })
    await look()
    $('walk-now').scrollIntoView({ block: 'nearest' })
    $('walk-stop').focus()
  } catch (refused) {
    say($('walk-problem'), refused.message)
  }
})
$('walk-stop').addEventListener('click', async () => {
  await ask('walk/stop', {})
  await look()
})

// ---- unknown devices

let listening = false

async function drawSniff() {
  const state = await ask('sniff')
  listening = state.running
  $('sniff-start').hidden = state.running
  $('sniff-stop').hidden = !state.running
  const known = number(state.known)
  say($('sniff-state'), state.trouble ? state.trouble
    : state.running ? text('sniff_running', { seconds: state.remaining_seconds, topics: state.topics.length, known })
    : state.known || state.topics.length ? text('sniff_ended', { topics: state.topics.length, known }) : '')
  if (state.untold) say($('sniff-state'), $('sniff-state').textContent + ' ' + text('sniff_untold', { n: number(state.untold) }))
  const before = new Map([...$('topics').children].map(item => [item.dataset.topic, item]))
  // an item that is there stays where it is: somebody may be reading or about to press its button
  for (const topic of state.topics) {
    const item = before.get(topic.topic) ?? drawTopic(topic)
    before.delete(topic.topic)
    say(item.querySelector('.count'), text('messages', { n: number(topic.messages), bytes: number(topic.bytes) }) + (topic.retained ? ` · ${text('retained')}` : ''))
    say(item.querySelector('pre'), topic.preview)
  }
  before.forEach(item => item.remove())
}

function drawTopic(topic) {
  const button = make('button', { type: 'button' }, text('make_profile'))
  button.addEventListener('click', () => propose(topic.topic))
  const item = make('li', { 'data-topic': topic.topic }, make('div.top', make('strong.mono', topic.topic)),
    make('p.address.count'), make('p.address', { lang: 'en' }, `${topic.what}. ${topic.mend}`), make('pre', { tabindex: '0' }), button)
  $('topics').append(item)
  return item
}

async function propose(topic) {
  const proposal = await ask('profile/propose', { topic })
  $('proposal').hidden = false
  $('profile-yaml').value = proposal.yaml
  $('profile-save').dataset.name = proposal.name || 'draft'
  drawProblems(proposal.problems)
  $('proposal-title').scrollIntoView()
  $('proposal-title').focus()
}

function drawProblems(problems) {
  $('profile-problems').replaceChildren(...(problems.length ? problems.map(problem => make('li.bad', { lang: 'en' }, problem)) : [make('li.good', text('profile_sound'))]))
}

$('sniff-start').addEventListener('click', async () => {
  try {
    await ask('sniff/start', { minutes: 2 })
    $('topics').replaceChildren()
    await drawSniff()
  } catch (refused) {
    say($('sniff-state'), refused.message)
  }
})
$('sniff-stop').addEventListener('click', async () => {
  await ask('sniff/stop', {})
  await drawSniff()
})
$('profile-check').addEventListener('click', async () => drawProblems((await ask('profile/check', { yaml: $('profile-yaml').value })).problems))
$('profile-save').addEventListener('click', () => {
  const name = /^profile:\s*["']?([a-z0-9_-]+)/m.exec($('profile-yaml').value)?.[1] ?? $('profile-save').dataset.name
  const link = make('a', { download: name + '.yaml', href: URL.createObjectURL(new Blob([$('profile-yaml').value], { type: 'application/yaml' })) })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
})

// ---- state

function size(bytes) {
  if (bytes === null || bytes === undefined) return text('unknown')
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  for (; bytes >= 1000 && unit < units.length - 1; unit++) bytes /= 1000
  return `${bytes.toFixed(unit && bytes < 10 ? 1 : 0)} ${units[unit]}`
}

function duration(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds % 86400 / 3600), Math.floor(seconds % 3600 / 60)]
  if (days > 1000) return text('over', { time: `1000 ${text('d')}` })
  return days ? `${days} ${text('d')} ${hours} ${text('h')}` : hours ? `${hours} ${text('h')} ${minutes} ${text('min')}` : `${minutes} ${text('min')} ${seconds % 60} ${text('s')}`
}

/** The gateway tells its reasons in English; where this language has a sentence for the part, that one is shown. */
function told(reason) {
  const group = /^(\d+) of (\d+) (\w+): (.*)$/.exec(reason.what)
  const what = reason.part === 'devices' && group ? text('reason_devices', { n: group[1], all: group[2], state: stateText(group[3]), list: group[4] })
    : texts['reason_' + reason.part] ? text('reason_' + reason.part, { what: reason.what }) : reason.what
  const next = reason.part === 'devices' && group ? texts['do_' + group[3]] ?? reason.mend : texts['next_' + reason.part] ?? reason.mend
  return { part: texts['part_' + reason.part] ?? reason.part, what: sentence(what), next: sentence(next) }
}

const sentence = what => what && !/[.!?。！？]$/.test(what) ? what + (language === 'zh' ? '。' : '.') : what

function drawReason(reason) {
  const { part, what, next } = told(reason)
  return make('li', make('div.top', make('strong', part)), make('p', what), next ? make('p.quiet', text('next', { what: next })) : null)
}

async function drawState() {
  const status = await ask('status')
  const reasons = status.health?.reasons ?? []
  $('reasons').replaceChildren(...(reasons.length ? reasons.map(drawReason) : [make('li', make('span.chip.good', text('all_well')))]))
  const runway = status.runway ?? {}
  const [sync, ...syncWhy] = status.sync.split(': ')
  const facts = [
    ['clock', texts['clock_' + status.clock] ?? status.clock],
    ['time', live ? new Date(live.at).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB') : ''],
    ['runway', runway.seconds == null ? text('unknown') : text('runway_lasts', { time: duration(runway.seconds) }), runway.limited_by ? text('runway_limit', { limit: runway.limited_by }) : ''],
    ['sync', texts['sync_' + sync] ?? sync, syncWhy.join(': ')],
    ['backlog', text('points', { n: number(status.backlog) }), size(status.backlog_bytes)],
    ['live', texts['live_' + status.live] ?? status.live],
    ['readings', number(status.readings), text('duplicates', { n: number(status.duplicates) })],
    ['letters', number(status.dead_letters)],
    ['lost', number(status.lost)],
    ['journal', size(status.journal_bytes)],
    ['disk', size(status.machine?.disk_free_bytes)],
    ['written', size(status.wear?.bytes_per_day)],
    ['uptime', duration(status.uptime_seconds)],
    ['cpu', status.cpu_percent === null || status.cpu_percent === undefined ? text('unknown') : `${status.cpu_percent.toFixed(1)} %`],
    ['memory', size(status.machine?.resident_bytes)],
  ]
  if (status.machine?.temperature_celsius != null) facts.push(['temperature', `${status.machine.temperature_celsius.toFixed(0)} °C`])
  $('facts').replaceChildren(...facts.map(([key, value, more]) => make('div', make('dt', text('fact_' + key)), make('dd', value, more ? make('small', more) : null))))
}

// ---- once a second, while somebody looks

async function look() {
  live = await ask('live')
  drawLive()
}

let turns = 0

async function turn() {
  try {
    if (!document.hidden && allowed) {
      await look()
      if (!$('sniff').hidden && listening) await drawSniff()
      if (!$('state').hidden && turns % 5 === 0) await drawState()
    }
    turns++
    if ($('trouble').dataset.away) {
      delete $('trouble').dataset.away
      $('trouble').hidden = true
    }
  } catch (trouble) {
    if (!(trouble instanceof Refused)) {
      $('trouble').dataset.away = '1'
      $('trouble').hidden = false
      say($('trouble'), text('unreachable'))
    }
  }
  setTimeout(turn, live?.walk?.result === 'running' ? 400 : 1000)
}

await speak(language)
const gate = await ask('gate')
if (gate.allowed) await enter()
else show()
if (!allowed) $('code').focus()
turn()
