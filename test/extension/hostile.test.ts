import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DevToolsPanel, launchWithExtension } from '../kit/devtools.js'
import { page as html, servePages } from '../kit/extension-pages.js'
import type { StaticServer } from '../kit/static-server.js'

let browser: Browser
let server: StaticServer

// Replaces what a page can replace before anything else runs in it.
const hooks = `
for (const [owner, name] of [[window, 'postMessage'], [MessagePort.prototype, 'postMessage'], [EventTarget.prototype, 'addEventListener'],
  [Array, 'from'], [Array.prototype, 'map'], [Array.prototype, 'every'], [JSON, 'parse'], [JSON, 'stringify'], [Object, 'entries']]) {
  const before = owner[name]
  owner[name] = function (...args) { globalThis.seen = (globalThis.seen ?? 0) + 1; return before.apply(this, args) }
}
for (const name of ['is', 'id', 'stores', 'call', 'frame', 'port']) {
  Object.defineProperty(Object.prototype, name, { get() { return undefined }, set(value) { Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true }) }, configurable: true })
}
addEventListener('message', (event) => { if (event.data?.nonce) globalThis.nonce = event.data.nonce }, true)
`

// A store that is none: it answers whatever it likes.
const liar = `
const html = '<img src=x onerror="globalThis.reached = true"><script>globalThis.reached = true</' + 'script>'
const cyclic = { is: 'piece' }; cyclic.self = cyclic
const answers = {
  overview: { events: 1, bytes: 1, head: 0, topics: [], types: [html] },
  searchOpen: null,
  searchProgress: (args, count) => count > 1 ? undefined : { revision: 1, generation: 1, matches: 2, scanned: 2, total: 2, done: true, head: 1, since: 0, until: 2, extra: html },
  searchRows: [0, 1].map((at) => ({ topic: html, position: at, sequence: at, type: html, data: { [html]: html, '__proto__': { reached: 1 }, constructor: { prototype: { reached: 1 } } }, time: at, weight: 1, producer: html, producerSeq: at, id: html, meta: { [html]: html } })),
  lanes: { since: 0, until: 2, everyMs: 1, lanes: [] },
  health: { health: { reason: html } },
  counters: { counters: 'many' },
}
const store = { version: 1, name: html, producer: html, serve(port) {
  const counts = {}
  port.onmessage = ({ data }) => {
    port.postMessage(cyclic)
    port.postMessage({ is: 'piece', id: 'x', piece: {}, isLast: 'yes' })
    port.postMessage({ is: 'piece', id: data.id, piece: 'y'.repeat(5 * 2 ** 20), isLast: true })
    port.postMessage(new Map([[1, cyclic]]))
    if (data.is === 'hello') port.postMessage({ is: 'hello', version: 1, store: html, producer: html, readOnly: false, projections: [html], probe: new Uint8Array(1) })
    if (data.is !== 'ask') return
    counts[data.call] = (counts[data.call] ?? 0) + 1
    const answer = answers[data.call]
    const value = typeof answer === 'function' ? answer(data.args, counts[data.call]) : answer
    if (value !== undefined) port.postMessage({ is: 'piece', id: data.id, piece: JSON.stringify(value), isLast: true })
    else if (data.call !== 'searchProgress') port.postMessage({ is: 'fault', id: data.id, fault: JSON.stringify({ code: 'corrupt', message: html, retry: 'never' }) })
  }
} }
const trap = Object.defineProperty({ version: 1, producer: 'p', serve() {} }, 'name', { get() { return html.repeat(9999) } })
globalThis[Symbol.for('tabscribe.devtools')] = { stores: new Set([store, store, trap]), onChange: null }
`

beforeAll(async () => {
  server = await servePages({
    answers: {
      '/hooked': html('<script type="module" src="/app.js"></script>', `<script>${hooks}</script>`),
      '/liar': html('', `<script type="module">${liar}</script>`),
      '/noise': html(
        '<script type="module" src="/app.js"></script>',
        `<script>${hooks}
        const noise = () => { for (const data of [null, 1, 'x', { tabscribe: 'here' }, { tabscribe: 'here', nonce: globalThis.nonce }, { tabscribe: 'seek', nonce: {} }, { tabscribe: 'seek', nonce: 'y'.repeat(1e6) }])
          { try { window.postMessage(data, '/', [new MessageChannel().port1]) } catch {} } }
        setInterval(noise, 20)</script>`,
      ),
    },
  })
  browser = await launchWithExtension()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function inspect(path: string): Promise<{ page: Page; panel: DevToolsPanel; errors: string[] }> {
  const page = await browser.newPage()
  await page.goto(server.origin + path)
  const panel = await DevToolsPanel.open(page)
  const errors: string[] = []
  panel.devtools.on('pageerror', (error) => errors.push(String(error)))
  return { page, panel, errors }
}

test('a page that has replaced what it can is shown all the same', async () => {
  const { page, panel } = await inspect('/hooked?stores=hooked')
  await panel.waitForPhase('connected')
  await panel.waitForRows(3)
  await page.close()
})

test('what a page posts to itself in our name ends nothing', async () => {
  const { page, panel } = await inspect('/noise?stores=noise')
  await panel.waitForPhase('connected')
  await panel.waitForRows(3)
  await page.close()
})

test('a store that lies is shown as far as it makes sense: as text, with faults for the rest', async () => {
  const { page, panel, errors } = await inspect('/liar')
  await panel.waitForPhase('connected')
  await panel.waitForRows(2)
  await panel.waitForText('<img src=x onerror=', '[role=grid]')
  await panel.key('End')
  await panel.key('Enter')
  await panel.waitForText('<img src=x onerror=', '.detail')
  for (const view of ['Snapshot', 'Counters', 'Memory', 'Health', 'Events', 'Timeline']) await panel.press('tab', view)
  await panel.picture('hostile')
  const reached = await panel.frame.evaluate(() => ({
    reached: 'reached' in globalThis || 'reached' in {},
    images: document.querySelectorAll('img, script:not([src])').length,
  }))
  expect(reached).toEqual({ reached: false, images: 0 })
  expect(errors).toEqual([])
  await page.close()
})
