/** What it costs an app that a panel could look at its store, while none does: nothing. */
import { afterEach, expect, test } from 'vitest'
import { deleteStore, openStore, type StoreOptions } from '../../src/index.js'

const LIVES = 4

type Owner = Record<string, (...args: never[]) => unknown>

/** Whatever is posted, timed or listened to, by the name of the function. */
const COUNTED: [owner: object, names: string[]][] = [
  [MessagePort.prototype, ['postMessage', 'start']],
  [Worker.prototype, ['postMessage']],
  [BroadcastChannel.prototype, ['postMessage']],
  [EventTarget.prototype, ['addEventListener']],
  [
    globalThis,
    ['postMessage', 'setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback', 'queueMicrotask'],
  ],
  [globalThis, ['MessageChannel', 'BroadcastChannel', 'structuredClone']],
]

let restore: (() => void)[] = []
const stores = new Set<string>()
afterEach(async () => {
  for (const put of restore) put()
  restore = []
  await Promise.all(Array.from(stores, deleteStore))
  stores.clear()
})

/** How often each was called from now on. */
function counting(): Map<string, number> {
  const calls = new Map<string, number>()
  for (const [owner, names] of COUNTED) {
    for (const name of names) {
      const own = owner as Owner
      const original = own[name]
      if (original === undefined) continue
      const key = `${owner.constructor.name}.${name}`
      own[name] = new Proxy(original, {
        apply: (target, on, args) => {
          calls.set(key, (calls.get(key) ?? 0) + 1)
          return Reflect.apply(target, on, args)
        },
        construct: (target, args) => {
          calls.set(key, (calls.get(key) ?? 0) + 1)
          return Reflect.construct(target, args) as object
        },
      })
      restore.push(() => (own[name] = original))
    }
  }
  return calls
}

/** An app's whole life with a store, one step after the other. */
async function live(options: StoreOptions & { devtools?: boolean }): Promise<void> {
  const name = `devtools-cost-${crypto.randomUUID()}`
  stores.add(name)
  const store = await openStore(name, options)
  const topic = store.topic('cart')
  const heard: unknown[] = []
  await topic.subscribe((events) => heard.push(...events), { from: 'start' }).ready
  for (let burst = 0; burst < 10; burst++) {
    for (let n = 0; n < 5; n++) topic.record('added', { n })
    await store.flush()
  }
  for (let n = 0; n < 5; n++) await topic.append({ type: 'paid', data: { n } })
  await topic.read({ from: 3 })
  await store.counters.query('cart/added').lastHours(1).sum()
  await store.health()
  await store.close()
}

test.each(['inline', 'shared-worker', 'leader'] as const)(
  'while no panel looks, a store that one may look at posts, times and listens to nothing more: %s',
  async (host) => {
    // Parts are loaded with the first life.
    await live({ host })
    const least: Record<string, Record<string, number>> = { without: {}, with: {} }
    // What is timed depends on how long other things took: what is always there is compared.
    for (let round = 0; round < LIVES; round++) {
      for (const [which, devtools] of [
        ['without', false],
        ['with', true],
      ] as const) {
        const calls = counting()
        await live({ host, devtools })
        for (const put of restore.splice(0)) put()
        const before = round === 0 ? Object.fromEntries(calls) : least[which]!
        const always = Object.entries(before).filter(([key]) => calls.has(key))
        least[which] = Object.fromEntries(always.map(([key, n]) => [key, Math.min(n, calls.get(key)!)]))
      }
    }
    expect(Object.keys(least['without']!).length).toBeGreaterThan(0)
    expect(least['with']).toEqual(least['without'])
  },
)

test('what is recorded, read and asked does not so much as look at what is announced', async () => {
  const key = Symbol.for('tabscribe.devtools')
  const scope = globalThis as { [key]?: object }
  const before = scope[key]
  let looks = 0
  scope[key] = new Proxy(
    { stores: new Set(), onChange: null },
    {
      get(target, name) {
        looks++
        return Reflect.get(target, name) as unknown
      },
    },
  )
  try {
    const name = `devtools-cost-${crypto.randomUUID()}`
    stores.add(name)
    const store = await openStore(name, { host: 'inline' })
    const looksToOpen = looks
    for (let n = 0; n < 100; n++) store.topic('cart').record('added', { n })
    await store.flush()
    await store.read()
    expect(looks).toBe(looksToOpen)
    await store.close()
  } finally {
    if (before === undefined) delete scope[key]
    else scope[key] = before
  }
})
