/**
 * A tab of the soak: does what it is told, and tells what it was promised. Everything it is promised is reported in the
 * task in which it is: a tab that dies a moment later has told.
 */
import { openStore } from 'tabscribe'
import { dataAt, partsOf, topicAt } from '../parts.js'

/** @import { EventDraft, Fault, StoredEvent, Store, Subscription } from '../../../src/index.js' */
/** @import { Action, Kind } from '../schedule.js' */
/** @import { Part } from '../parts.js' */
/** @import { LogRow, Report } from '../ledger.js' */

const HEARD = ['main', 'second']
const READ_BACK = 20
/** A renderer takes a while to die. */
const STORM_EVERY_MS = 0.5

/** @type {Store} */
let store
/** @type {Kind} */
let kind
/** @type {Subscription[]} */
let subscriptions = []
let heardOf = 0
/** What was asked and not answered yet. */
const open = new Map()
let asked = 0

/** @param {Report} report */
function tell(report) {
  soakReport(JSON.stringify(report))
}

/** @param {unknown} error */
function told(error) {
  const { code, message } = /** @type {{ code?: string, message?: string }} */ (error)
  return { code: code ?? 'no-code', message: `${message}` }
}

/**
 * @template T
 * @param {string} what
 * @param {Promise<T>} answer
 */
async function asking(what, answer) {
  const key = ++asked
  open.set(key, what)
  try {
    return await answer
  } finally {
    open.delete(key)
  }
}

/** @param {Kind} wanted */
async function start(wanted) {
  kind = wanted
  await openAgain()
  const { host } = await asking('health', store.health())
  tell({ t: 'open', producer: store.producer, host })
}

// Where transactions fail, it may too: then it says so, and can be tried again.
async function openAgain() {
  while (true) {
    try {
      return await openOnce()
    } catch (error) {
      tell({ t: 'failed', b: 0, what: 'open', ...told(error) })
    }
  }
}

async function openOnce() {
  const { host, durability } = kind
  const onFault = (/** @type {Fault} */ { code, message, reason }) =>
    tell({ t: 'fault', code, message: reason === undefined ? message : `${message} (${String(reason)})` })
  store = await asking('openStore', openStore('soak', { host: host === 'leader' ? 'auto' : host, durability, onFault }))
  subscribe()
}

function subscribe() {
  if (kind.subscribe === 'none') return
  const whole = kind.subscribe === 'store'
  const sub = ++heardOf
  const hear = (/** @type {StoredEvent[]} */ events) => tell({ t: 'heard', sub, rows: events.map(rowOf) })
  const from = kind.subscribe === 'live' ? /** @type {const} */ ('live') : 'start'
  const subscription = whole
    ? store.subscribe(hear, { from, topics: HEARD })
    : store.topic('main').subscribe(hear, { from })
  subscriptions = [subscription]
  tell({ t: 'subscribed', sub, topics: whole ? HEARD : ['main'], from })
  subscription.ready.then(
    () => tell({ t: 'ready', sub, position: subscription.position }),
    (error) => tell({ t: 'failed', b: 0, what: 'subscription', ...told(error) }),
  )
  subscription.closed.catch((error) => tell({ t: 'failed', b: 0, what: 'subscription', ...told(error) }))
}

/** @param {StoredEvent} event */
function rowOf({ position, sequence, data }) {
  const { b, i } = /** @type {{ b: number, i: number }} */ (data)
  return [position, sequence, b, i]
}

/** @param {Part} part */
function record(part) {
  const topics = { main: store.topic('main'), second: store.topic('second'), side: store.topic('side') }
  for (let i = 0; i < part.count; i++) {
    topics[/** @type {'main'} */ (topicAt(part, i))].record('soak', dataAt(part, i))
  }
  tell({ t: 'queued', b: part.b, upTo: part.count })
  queueMicrotask(() => void tellJournaled(part.b))
}

// Called behind the tab's own microtask, which writes the journal.
/** @param {number} b */
async function tellJournaled(b) {
  tell({ t: 'journaling', b })
  await whenJournaled()
  tell({ t: 'journaled', b })
}

/**
 * @param {Part} part
 * @param {number} attempt the action it is made by
 * @param {number} [expect]
 */
function append(part, attempt, expect) {
  const drafts = Array.from({ length: part.count }, (_, i) => {
    /** @type {EventDraft} */
    const draft = { type: 'soak', data: dataAt(part, i) }
    return part.ids ? { ...draft, id: `${part.b} ${i}` } : draft
  })
  tell({ t: 'sent', b: part.b, attempt })
  asking(`append ${part.b}`, store.topic(part.topic).append(drafts, expect === undefined ? {} : { expect })).then(
    (receipt) => tell({ t: 'committed', b: part.b, attempt, receipt, expect: expect ?? null }),
    (error) => tell({ t: 'rejected', b: part.b, attempt, ...told(error) }),
  )
}

/**
 * Asks for something, and tells what came of it.
 * @param {number} b
 * @param {string} what
 * @param {() => Promise<unknown>} work
 */
async function ask(b, what, work) {
  tell({ t: 'asked', b, what })
  await asking(`${what} ${b}`, work()).then(
    () => tell({ t: 'done', b, what }),
    (error) => tell({ t: 'failed', b, what, ...told(error) }),
  )
}

/**
 * Reads what was committed before the action was sent, and what this tab recorded before.
 * @param {number} b
 * @param {number} floor a position that is committed
 * @param {Part | null} own
 */
async function read(b, floor, own) {
  const from = Math.max(0, floor - READ_BACK)
  const events = await store.topic('main').read(own ? { from } : { from, to: floor + 1 })
  const rows = events.map(rowOf)
  const found = own ? new Set(rows.flatMap(([, , of, i]) => (of === own.b ? [i] : []))).size : 0
  tell({ t: 'read', b, floor, own: own?.count ?? 0, found, rows: rows.slice(0, READ_BACK + 1) })
}

/**
 * Only what must be over before the tab can do anything else is waited for.
 * @param {Action & { floor: number }} action
 * @returns {Promise<void> | void}
 */
function act(action) {
  const { id, do: name, floor } = action
  const parts = partsOf(action)
  const [first, second, third] = /** @type {[Part, Part, Part]} */ (parts)
  switch (name) {
    case 'append':
    case 'append-batch':
    case 'append-ids':
      return append(first, id)
    case 'retry':
      return append(/** @type {Part} */ (partsOf({ ...action, id: action.of, do: 'append-ids' })[0]), id)
    case 'expect':
      return void ask(id, 'expect', async () => {
        const latest = await store.topic('turns').latest()
        append(first, id, latest ? latest.position + 1 : 0)
      })
    case 'mixed':
      record(first)
      append(second, id)
      return record(third)
    case 'clear-side':
      record(first)
      void ask(id, 'clear', () => store.topic('side').clear())
      return record(second)
    case 'flush':
      return void ask(id, 'flush', () => store.flush())
    case 'compact':
      return void ask(id, 'compact', () => store.compact())
    case 'reopen':
      return ask(id, 'reopen', reopen)
    case 'read':
      return void ask(id, 'read', () => read(id, floor, null))
    case 'record-read':
      record(first)
      return void ask(id, 'read', () => read(id, floor, first))
    case 'storm':
      return storm(first)
    default:
      record(first)
      // In the same task: the page goes with everything still in its hands.
      if (name === 'navigate') location.href = 'about:blank'
      if (name === 'close-at-once') close()
  }
}

async function reopen() {
  for (const subscription of subscriptions) subscription.close()
  try {
    await store.close()
  } finally {
    await openAgain()
  }
}

/**
 * Records in one task until the renderer is dead.
 * @param {Part} part
 */
function storm(part) {
  const main = store.topic('main')
  const startedAt = performance.now()
  for (let i = 0; i < part.count; i++) {
    main.record('soak', dataAt(part, i))
    tell({ t: 'queued', b: part.b, upTo: i + 1 })
    while (performance.now() < startedAt + i * STORM_EVERY_MS);
  }
  queueMicrotask(() => void tellJournaled(part.b))
}

/** Whether this tab's worker serves the others. */
async function leads() {
  const name = 'tabscribe:leader:1'
  const mine = `soak:${store.producer}`
  return navigator.locks.request(mine, async () => {
    const { held = [] } = await navigator.locks.query()
    const own = held.find((lock) => lock.name === mine)?.clientId
    return held.some((lock) => lock.name === name && lock.clientId === own)
  })
}

/** Resolves when all that was asked has been answered and everything is committed. */
async function settle() {
  while (open.size > 0) await oneTurn()
  await asking('flush at the end', store.flush())
}

/**
 * @param {number} next a position of 'main' that nobody goes beyond meanwhile
 * @param {number} sequence of the last event
 */
async function hearAll(next, sequence) {
  for (const subscription of subscriptions) {
    const end = kind.subscribe === 'store' ? sequence + 1 : next
    while (subscription.position < end) await oneTurn()
  }
}

function oneTurn() {
  return new Promise((resolve) => setTimeout(resolve, 20))
}

async function head() {
  const [latest, last] = await Promise.all([
    store.topic('main').latest(),
    store.read({ topics: HEARD, direction: 'backward', limit: 1 }),
  ])
  return { next: (latest?.position ?? -1) + 1, sequence: last[0]?.sequence ?? 0 }
}

/** The whole log, in pages. */
async function* log() {
  /** @type {LogRow[]} */
  let rows = []
  for await (const event of store.stream({ pageSize: 1000 })) {
    const { topic, producer, producerSeq, data } = event
    const { b, i, pad } = /** @type {{ b: number, i: number, pad: string }} */ (data)
    rows.push([event.position, event.sequence, b, i, topic, producer, producerSeq, pad.length])
    if (rows.length < 2000) continue
    yield rows
    rows = []
  }
  yield rows
}

async function tellLog() {
  for await (const rows of log()) tell({ t: 'log', rows })
}

/** What dead tabs left that nobody took: running numbers by producer. */
async function leftovers() {
  const databases = await indexedDB.databases()
  const journals = databases.flatMap(({ name }) => (name?.startsWith('tabscribe-journal:') ? [name] : []))
  const keys = await Promise.all(journals.map(keysOf))
  return { journal: keys.flat(), spills: Object.keys(localStorage).filter((key) => key.startsWith('tabscribe:spill')) }
}

/** @param {string} journal */
async function keysOf(journal) {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(journal)
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(/** @type {DOMException} */ (request.error)))
  })
  const keys = await new Promise((resolve, reject) => {
    const request = database.transaction('bursts').objectStore('bursts').getAllKeys()
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(/** @type {DOMException} */ (request.error)))
  })
  database.close()
  return /** @type {IDBValidKey[]} */ (keys)
}

Object.assign(globalThis, {
  soak: { start, act, settle, hearAll, head, leads, tellLog, leftovers, unanswered: () => [...open.values()] },
})
