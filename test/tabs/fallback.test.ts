/** A worker that cannot start, or stops answering: the store goes on on the next host, says why, and loses nothing. */
import { describe, expect, test } from 'vitest'
import { testPage } from '../kit/browser.js'
import { freshTabs } from '../kit/fresh-tabs.js'
import { numbered, openTab, type StoreTab, wrongs } from '../kit/store-tab.js'
import type { Tabs } from '../kit/tabs.js'

/**
 * The real worker, until it hears this and has no transaction open: then it loops for ever. What it committed last is
 * unanswered. (With one open it would keep the database from everyone, until the browser gives the transaction up.)
 */
const WEDGE = 'wedge'

const wedgingWorker = `import '/dist/worker.js'
let open = 0
let wedged = false
const loop = () => { if (wedged && open === 0) for (;;) {} }
const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (...args) {
  loop()
  const begun = transaction.apply(this, args)
  open++
  for (const end of ['complete', 'abort']) begun.addEventListener(end, () => { open--; loop() })
  return begun
}
new BroadcastChannel('${WEDGE}').onmessage = () => { wedged = true; loop() }`

/** Answers hello, and loops for ever after. */
const muteWorker = `const answers = {
  ping: { id: 'mute', locked: false },
  hello: { protocol: 1, storageFault: null, lost: null },
}
const serve = (port) => {
  port.onmessage = ({ data: { id, path: [method] } }) => {
    port.postMessage({ id, type: 'RAW', value: { ok: true, value: answers[method] } })
    if (method === 'hello') setTimeout(() => { for (;;) {} })
  }
}
globalThis.onconnect = ({ ports: [port] }) => serve(port)
globalThis.onmessage = ({ data }) => { if (data.tabscribe === 'serve') serve(data.port) }`

/** The real worker, but for how long it lives. */
const closingWorker = `import '/dist/worker.js'
let writes = 0
const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (stores, mode, ...more) {
  if (mode === 'readwrite' && ++writes === 20) self.close()
  return transaction.call(this, stores, mode, ...more)
}`

/** Dies as soon as it has answered hello. */
const dyingWorker = `const writer = crypto.randomUUID()
const answers = {
  ping: { id: writer, locked: true },
  hello: { protocol: 1, storageFault: null, lost: null },
}
const held = new Promise((resolve) => {
  navigator.locks.request('tabscribe:writer:' + writer, () => {
    resolve()
    return new Promise(() => {})
  })
})
const serve = (port) => {
  port.onmessage = async ({ data: { id, path: [method] } }) => {
    await held
    port.postMessage({ id, type: 'RAW', value: { ok: true, value: answers[method] } })
    if (method === 'hello') setTimeout(() => self.close())
  }
}
globalThis.onconnect = ({ ports: [port] }) => serve(port)
globalThis.onmessage = ({ data }) => { if (data.tabscribe === 'serve') serve(data.port) }`

let tabs: Tabs

freshTabs(
  {
    answers: {
      '/gone': testPage('/gone/'),
      '/gone/worker.js': { status: 404, body: 'Not found', type: 'text/plain' },
      '/broken': testPage('/broken/'),
      '/broken/worker.js': 'throw new Error("out of order")',
      '/closing': testPage('/closing/'),
      '/closing/worker.js': closingWorker,
      '/dying': testPage('/dying/'),
      '/dying/worker.js': dyingWorker,
      '/forbidden': testPage(),
      '/wedging': testPage('/wedging/'),
      '/wedging/worker.js': wedgingWorker,
      '/mute': testPage('/mute/'),
      '/mute/worker.js': muteWorker,
    },
    folders: {
      '/gone/': 'dist',
      '/broken/': 'dist',
      '/closing/': 'dist',
      '/dying/': 'dist',
      '/wedging/': 'dist',
      '/mute/': 'dist',
    },
    headersByPath: { '/forbidden': { 'content-security-policy': "worker-src 'none'" } },
  },
  (fresh) => {
    tabs = fresh
  },
)

describe.each([
  ['whose file is not there', '/gone', /its script/],
  // WebKit says of a script that the policy forbids now the one, now the other.
  ['that the page forbids', '/forbidden', /its script|Content Security Policy|insecure|cross-origin/],
  ['whose script throws', '/broken', /its script failed|its script could not be loaded/],
])('a worker %s', (_, url, why) => {
  test('leaves the writing to the page, which says why; nothing recorded is lost', async () => {
    const [a, b] = [await openTab(tabs, url), await openTab(tabs)]
    const { host, state, reason } = await a.open()
    expect({ host, state }).toEqual({ host: 'inline', state: 'ok' })
    expect(reason).toMatch(/^The writer runs in this page: the SharedWorker could not be started \(.*an elected tab/)
    expect(reason).toMatch(why)
    expect(await b.open()).toMatchObject({ host: 'shared-worker' })
    await a.record('a', 20)
    await b.append('b', 20)
    expect(wrongs(await a.read(), { a: 20, b: 20 })).toEqual([])
  })

  test.each([['shared-worker'], ['leader']] as const)('rejects for a host %s that was asked for', async (host) => {
    const tab = await openTab(tabs, url)
    const { code, message } = await tab.open({ host })
    expect(code).toBe('unsupported')
    expect(message).toMatch(why)
    expect(message).toMatch(/worker-src.*option 'worker'.*host 'auto'/)
    expect(await tab.open({ host: 'inline' })).toMatchObject({ host: 'inline', state: 'ok' })
  })
})

test('a SharedWorker that stops answering is replaced by a second one; all that was sent to it arrives once', async () => {
  const [a, b] = [await openTab(tabs, '/wedging'), await openTab(tabs, '/wedging')]
  for (const tab of [a, b]) {
    expect(await tab.open()).toMatchObject({ host: 'shared-worker', reason: null })
    await tab.subscribe()
  }
  await a.startAppending('a')
  await b.startAppending('b')
  for (const tab of [a, b]) await tab.acknowledged(20)
  await wedge(a)
  await a.record('recorded', 10)
  for (const tab of [a, b]) await tab.acknowledged(30)
  const appended = { a: await a.stopAppending(), b: await b.stopAppending(), recorded: 10 }
  const log = await b.read()
  expect(wrongs(log, appended)).toEqual([])
  for (const tab of [a, b]) {
    expect(await tab.heard(log.length)).toEqual(log.map(({ data }) => data))
    expect(await tab.health()).toMatchObject({
      host: 'shared-worker',
      state: 'ok',
      reason: 'The writer runs in a second SharedWorker: the SharedWorker stopped answering.',
    })
  }
})

test("where there is no SharedWorker, the elected tab's worker is replaced when it stops answering", async () => {
  await tabs.runFirst(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  const all = [await openTab(tabs, '/wedging'), await openTab(tabs, '/wedging'), await openTab(tabs, '/wedging')]
  const [leader, a, b] = all as [StoreTab, StoreTab, StoreTab]
  for (const tab of all) {
    expect(await tab.open()).toMatchObject({
      host: 'leader',
      reason: 'The writer runs in a worker of one elected tab: this environment has no SharedWorker.',
    })
  }
  await b.subscribe()
  await a.startAppending('a')
  await a.acknowledged(20)
  // All of the leader's tab stands still, as when it is frozen: nobody there can hand over.
  void leader.page
    .evaluate(() => {
      for (;;) {}
    })
    .catch(() => {})
  await wedge(a)
  await a.acknowledged(30)
  const appended = await a.stopAppending()
  expect(wrongs(await b.read(), { a: appended })).toEqual([])
  expect(await b.heard(appended)).toEqual(numbered('a', appended))
  for (const tab of [a, b]) expect(await tab.health()).toMatchObject({ host: 'leader', state: 'ok' })
})

test('a tab whose lead is taken while its worker starts goes on with whoever leads', async () => {
  await tabs.runFirst(() => {
    Reflect.deleteProperty(globalThis, 'SharedWorker')
    const OwnWorker = Worker
    let starts = 0
    globalThis.Worker = class extends OwnWorker {
      constructor(...args: ConstructorParameters<typeof OwnWorker>) {
        super(...args)
        if (++starts === 1) void navigator.locks.request('tabscribe:leader:1', { steal: true }, () => {})
        Object.assign(globalThis, { starts })
      }
    }
  })
  const tab = await openTab(tabs)
  expect(await tab.open()).toMatchObject({ host: 'leader', state: 'ok' })
  expect(await tab.page.evaluate(() => (globalThis as unknown as { starts: number }).starts)).toBe(2)
  await tab.startAppending('a')
  await tab.acknowledged(5)
  const appended = await tab.stopAppending()
  expect(wrongs(await tab.read(), { a: appended })).toEqual([])
})

test('a worker that answers hello and nothing else is given up, on every host; recorded events arrive', async () => {
  const tab = await openTab(tabs, '/mute')
  const { host, reason } = await tab.open()
  expect(host).toBe('inline')
  expect(reason).toBe(
    'The writer runs in this page: the SharedWorker stopped answering; a second SharedWorker stopped answering; ' +
      "an elected tab's worker stopped answering.",
  )
  await tab.record('a', 20)
  expect(wrongs(await tab.read(), { a: 20 })).toEqual([])
})

test("a mute worker of the option 'worker' is given up for one that works", async () => {
  const tab = await openTab(tabs)
  const { host, reason } = await tab.open({ worker: { shared: '/mute/worker.js' } })
  expect(host).toBe('leader')
  expect(reason).toMatch(/the SharedWorker of the option 'worker' stopped answering/)
  await tab.append('a', 20)
  expect(wrongs(await tab.read(), { a: 20 })).toEqual([])
})

test("a dedicated Worker of the option 'worker' serves all tabs from one elected tab", async () => {
  const [a, b] = [await openTab(tabs), await openTab(tabs)]
  for (const tab of [a, b]) {
    expect(await tab.open({ worker: { dedicated: '/dist/worker.js' } })).toMatchObject({ host: 'leader', state: 'ok' })
  }
  await Promise.all([a.append('a', 20), b.append('b', 20)])
  expect(wrongs(await a.read(), { a: 20, b: 20 })).toEqual([])
  expect(await b.health()).toMatchObject({ tabs: 2 })
})

test('a worker that dies whenever it has said hello is given up, on every host', async () => {
  const tab = await openTab(tabs, '/dying')
  const { host, reason } = await tab.open()
  expect(host).toBe('inline')
  // In Firefox a SharedWorker that closed itself is connected to all the same, and silent.
  const how = String.raw`(was lost 3 times before it was of any use|could not be started \(it did not answer within 10 s\))`
  expect(reason).toMatch(
    new RegExp(
      `^The writer runs in this page: the SharedWorker ${how}; a second SharedWorker ${how}; ` +
        "an elected tab's worker was lost 3 times before it was of any use.$",
    ),
  )
  await tab.record('a', 20)
  expect(wrongs(await tab.read(), { a: 20 })).toEqual([])
})

test('a worker that keeps closing itself never keeps a tab from its log', async () => {
  const tab = await openTab(tabs, '/closing')
  await tab.open()
  await tab.subscribe()
  await tab.startAppending('a')
  await tab.acknowledged(300)
  const appended = await tab.stopAppending()
  expect(wrongs(await tab.read(), { a: appended })).toEqual([])
  expect(await tab.heard(appended)).toEqual(numbered('a', appended))
})

async function wedge({ page }: StoreTab): Promise<void> {
  await page.evaluate((name) => new BroadcastChannel(name).postMessage(''), WEDGE)
}
