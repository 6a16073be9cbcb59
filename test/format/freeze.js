/**
 * Writes a log of the present format as a fixture: `node test/format/freeze.js test/format/v2/log.json`, after a build.
 * Once checked in a fixture is never written again: it stands for what users have on their disks.
 */
import 'fake-indexeddb/auto'
import { writeFileSync } from 'node:fs'
import { countersOf, described, dump } from '../kit/frozen-log.js'

const [path] = process.argv.slice(2)
if (!path) throw new Error('Say where to write it.')

// Every run writes the same.
let ids = 0
crypto.getRandomValues = (array) => /** @type {any} */ (array).fill(++ids)
let now = 1_700_000_000_000
const clock = { now: () => (now += 1_000) }

// Only there after a build.
const { openStore } = await import(new URL('../../dist/index.js', import.meta.url).href)
const options = { host: 'inline', clock, topics: { logs: { retention: { maxEvents: 20 } } } }
const store = await openStore('frozen', options)
const cart = store.topic('cart')

// Compressed by the compaction below, most of it.
for (let n = 0; n < 4; n++) {
  const lines = Array.from({ length: 20 }, (_, line) => ({ type: 'line', data: { n, line, text: 'the same again '.repeat(4) } }))
  await store.topic('logs').append(lines)
}
await cart.append([
  { type: 'added', data: { item: 'book', price: 12.5 }, id: 'first', meta: { correlationId: 'c-1', traceId: 't' } },
  { type: 'added', data: { item: '本', price: 3 }, id: 'second' },
  { type: 'added', data: { item: '😀', price: 0 }, weight: 2.5, time: 5 },
])
await cart.append([{ type: 'forgotten', data: 'a name' }, { type: 'forgotten', data: 'another name' }])
await cart.append([
  { type: 'odd', data: new Date(1_234_567_890_123) },
  { type: 'odd', data: new Map([['a', new Set([1, 2n])]]) },
  { type: 'odd', data: { bytes: new Uint8Array([1, 2, 255]), not: undefined, numbers: [NaN, -Infinity], pattern: /a+/gi } },
  { type: 'odd', data: undefined, meta: { when: new Date(0) } },
  { type: 'odd', data: new RangeError('too far') },
])
await store.topic('cleared').append([{ type: 'x', data: 1 }, { type: 'x', data: 2 }])
await store.topic('cleared').clear()
await store.topic('cleared').append({ type: 'x', data: 'after' })
await store.erase({ topics: ['cart'], types: ['forgotten'] })
await store.compact()
for (let n = 0; n < 3; n++) await cart.append({ type: 'added', data: { item: `late ${n}`, at: new Date(n) } })
cart.record('added', 'recorded')
store.counters.record('opened', { count: 3 })
store.counters.record('opened', { count: 2, ago: { hours: 30 } })
await store.counters.limit().atMost('tried', 5, 'day').checkAndRecord('tried')
await store.flush()

// What the tab journaled and no writer stored.
const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (...args) {
  if (this.name === 'tabscribe:frozen') throw new DOMException('Frozen', 'UnknownError')
  return transaction.apply(this, args)
}
for (let n = 0; n < 3; n++) cart.record('left behind', { n })
// It is journaled in the microtask of the burst.
await Promise.resolve()
const journal = await dump('tabscribe-journal:6:frozen:')
IDBDatabase.prototype.transaction = transaction
const log = await dump('tabscribe:frozen')
await store.flush()

const events = described(await store.read())
const counters = await countersOf(store)
const text = JSON.stringify({ log, journal, events, topics: await store.topics(), counters })
writeFileSync(path, `${text}\n`)
console.log(`${path}: ${text.length} characters`)
process.exit(0)
