import { page } from './extension-pages.js'

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

const noise = `
const noise = () => { for (const data of [null, 1, 'x', { tabscribe: 'here' }, { tabscribe: 'here', nonce: globalThis.nonce }, { tabscribe: 'seek', nonce: {} }, { tabscribe: 'seek', nonce: 'y'.repeat(1e6) }])
  { try { window.postMessage(data, '/', [new MessageChannel().port1]) } catch {} } }
setInterval(noise, 20)
`
const app = '<script type="module" src="/app.js"></script>'

/**
 * Pages that mean harm:
 *
 *   /hooked   has replaced what it can before anything else ran in it
 *   /noise    posts to itself in our name, too
 *   /liar     has announced stores that are none
 */
export const hostilePages: Record<string, string> = {
  '/hooked': page(app, `<script>${hooks}</script>`),
  '/noise': page(app, `<script>${hooks}${noise}</script>`),
  '/liar': page('', `<script type="module">${liar}</script>`),
}
