import { openAnotherTab, type AnotherTab, type Library } from '../kit/another-tab.js'
import { isRealIndexedDb } from '../kit/indexeddb.js'
import { expectEqual, LogModel, type Given } from '../kit/log-model.js'
import { startPortWorker } from '../kit/port-worker.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as thisTab from '../../src/index.js'
import type { Fault, Store, StoreOptions } from '../../src/index.js'

// Tabs do everything at once, by chance, and the log must still be one. A failure prints its seed and path: given to
// `fc.assert` beside `numRuns` they run the same steps again.

const numRuns = isRealIndexedDb ? 50 : 150
const HANDLES = 2

interface Setting {
  name: string
  storage: 'auto' | 'memory'
  /** How each of the tabs reaches its writer; called for every setting once. */
  tabs: () => StoreOptions[]
}

const inline: StoreOptions = { host: 'inline' }
const shared = (): StoreOptions => {
  if (typeof SharedWorker !== 'undefined') return { host: 'shared-worker' }
  return { host: 'shared-worker', worker: startPortWorker() }
}
const three = <T>(one: T): T[] => [one, one, one]

const settings: Setting[] = [
  { name: 'one tab, in memory', storage: 'memory', tabs: () => [inline] },
  { name: 'one tab with its own writer', storage: 'auto', tabs: () => [inline] },
  { name: 'three tabs of one shared worker', storage: 'auto', tabs: () => three(shared()) },
  { name: 'three tabs of one shared worker, in memory', storage: 'memory', tabs: () => three(shared()) },
  {
    name: 'three tabs, each with its own writer',
    storage: 'auto',
    // In Node copies of the modules share the writer inline, but not their ports.
    tabs: () => (isRealIndexedDb ? three(inline) : [inline, shared(), shared()]),
  },
  {
    name: 'two tabs of one shared worker and one with its own writer',
    storage: 'auto',
    tabs: () => {
      const together = shared()
      return [together, inline, together]
    },
  },
]

type Step = {
  tab: number
  handle: number
  topic: 'plain' | 'keyed'
  /** What happens before the next step is taken. */
  pause: 'nothing' | 'a microtask' | 'a task' | 'its end'
} & (
  | { do: 'record'; ids: (string | null)[] }
  | { do: 'append'; ids: (string | null)[]; expect: 'anything' | 'what was read' | 'nonsense' }
  | { do: 'clear'; all: boolean }
  | { do: 'read'; all: boolean }
  | { do: 'flush' }
  | { do: 'compact' }
  | { do: 'reopen'; order: 'close first' | 'at once' }
)

const ids = fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd')), { minLength: 1, maxLength: 4 })

function steps(tabs: number): fc.Arbitrary<Step[]> {
  const common = {
    tab: fc.nat(tabs - 1),
    handle: fc.nat(HANDLES - 1),
    topic: fc.constantFrom('plain', 'keyed'),
    pause: fc.constantFrom('nothing', 'nothing', 'a microtask', 'a task', 'its end'),
  }
  const step = <T extends Record<string, fc.Arbitrary<unknown>>>(weight: number, name: Step['do'], own: T) => ({
    weight,
    arbitrary: fc.record({ do: fc.constant(name), ...common, ...own }),
  })
  return fc.array(
    fc.oneof(
      step(6, 'record', { ids }),
      step(4, 'append', { ids, expect: fc.constantFrom('anything', 'anything', 'what was read', 'nonsense') }),
      step(1, 'clear', { all: fc.boolean() }),
      step(2, 'read', { all: fc.boolean() }),
      step(1, 'flush', {}),
      step(1, 'compact', {}),
      step(1, 'reopen', { order: fc.constantFrom('close first', 'at once') }),
    ),
    { minLength: 1, maxLength: 30, size: 'max' },
  ) as fc.Arbitrary<Step[]>
}

const batching: fc.Arbitrary<StoreOptions> = fc.record({
  batchSize: fc.constantFrom(1, 3, 1000),
  batchTimeoutMs: fc.constantFrom(0, 5, 60_000),
})

let lastStore = 0

/** One run: a new store, its tabs with their handles, and what they did. */
class Run {
  readonly model = new LogModel()
  readonly faults: Fault[] = []
  readonly #name = `interleaving-${Date.now().toString(36)}-${++lastStore}`
  readonly #tabs: readonly Library[]
  readonly #options: readonly StoreOptions[]
  readonly #handles: (Store | Promise<Store>)[][] = []
  readonly #opened = new Set<Store>()

  constructor(tabs: readonly Library[], ways: readonly StoreOptions[], options: StoreOptions) {
    this.#tabs = tabs
    const onFault = (fault: Fault): void => void this.faults.push(fault)
    this.#options = ways.map((way) => ({ ...options, ...way, onFault }))
  }

  async start(): Promise<void> {
    for (const tab of this.#options.keys()) {
      this.#handles.push(await Promise.all(Array.from({ length: HANDLES }, () => this.open(tab))))
    }
  }

  async open(tab: number): Promise<Store> {
    const store = await this.#tabs[tab]!.openStore(this.#name, this.#options[tab])
    this.#opened.add(store)
    return store
  }

  async end(): Promise<void> {
    for (const store of this.#handles.flat()) await store
    await Promise.allSettled(Array.from(this.#opened, (store) => store.close()))
    await this.#tabs[0]!.deleteStore(this.#name)
  }

  async take(all: readonly Step[]): Promise<void> {
    const running: Promise<void>[] = []
    for (const step of all) {
      const done = this.#take(step)
      done.catch(() => {})
      running.push(done)
      if (step.pause === 'its end') await done
      else if (step.pause === 'a task') await new Promise((resolve) => setTimeout(resolve))
      else if (step.pause === 'a microtask') await Promise.resolve()
    }
    await Promise.all(running)
  }

  /** What every tab reads once all is done, and what a handle reads that was opened only then. */
  async readEverywhere(): Promise<void> {
    const stores = await Promise.all(this.#handles.map(async ([first]) => first!))
    for (const store of stores) await store.flush()
    const logs = []
    for (const [tab, store] of stores.entries()) {
      logs.push(await this.#read(tab, store, null))
      this.model.settled(await store.topics())
    }
    for (const log of logs) expectEqual(log, logs[0])
    if (this.#options[0]!.storage !== 'memory') {
      for (const store of this.#opened) await store.close()
      expectEqual(await this.#read(0, await this.open(0), null), logs[0])
    }
  }

  // Runs up to its call of the store without a break, unless its handle is just being opened.
  async #take(step: Step): Promise<void> {
    const { tab, handle } = step
    const own = this.#handles[tab]!
    while (own[handle] instanceof Promise) await own[handle]
    const store = own[handle] as Store
    const topic = store.topic(step.topic)
    const wasClosed = (error: unknown): void => {
      if ((error as { code?: string }).code !== 'closed' || own[handle] === store) throw error
    }
    if (step.do === 'record') {
      for (const id of idsFor(step)) {
        const [given] = this.model.give(tab, topic.name, [id], 'record')
        topic.record('x', { label: given!.label }, id === null ? {} : { id })
      }
    } else if (step.do === 'append') {
      await this.#append(step, store).catch(wasClosed)
    } else if (step.do === 'clear') {
      const done = this.model.clear(tab, step.all ? null : topic.name)
      await (step.all ? store : topic).clear().then(done, wasClosed)
    } else if (step.do === 'read') {
      await this.#read(tab, store, step.all ? null : topic.name).catch(wasClosed)
    } else if (step.do === 'flush') {
      const committed = this.model.own(tab)
      await store.flush().then(committed, wasClosed)
    } else if (step.do === 'compact') {
      await store.compact().catch(wasClosed)
    } else {
      own[handle] = this.#reopen(store, step)
      own[handle] = await own[handle]
    }
  }

  async #reopen(store: Store, { tab, order }: Step & { do: 'reopen' }): Promise<Store> {
    const committed = this.model.own(tab)
    const closed = store.close().then(committed)
    if (order === 'close first') await closed
    const next = await this.open(tab)
    await closed
    return next
  }

  async #append(step: Step & { do: 'append' }, store: Store): Promise<void> {
    const topic = store.topic(step.topic)
    const keys = step.expect === 'anything' ? idsFor(step) : step.ids.map(() => null)
    let options = {}
    if (step.expect === 'nonsense') options = { expect: 1_000_000 }
    else if (step.expect === 'what was read') {
      const info = (await store.topics()).find(({ name }) => name === step.topic)
      options = { expect: info?.next ?? 0 }
    }
    const batch = this.model.give(step.tab, topic.name, keys, step.expect === 'anything' ? 'append' : 'expect')
    const drafts = batch.map(({ label, id }) => ({ type: 'x', data: { label }, ...(id === null ? {} : { id }) }))
    try {
      const receipt = await topic.append(drafts, options)
      if ('expect' in options) expectEqual(receipt.first, options.expect)
      this.model.appended(batch, receipt)
    } catch (error) {
      refused(batch, error, options)
    }
  }

  async #read(tab: number, store: Store, topic: string | null): Promise<unknown[]> {
    const committed = this.model.own(tab)
    const reading = { tab, topic, calledAt: this.model.tick() }
    const events = await (topic === null ? store : store.topic(topic)).read()
    this.model.read(reading, events)
    committed()
    return events
  }
}

async function expectOneLog(run: Run): Promise<void> {
  await run.readEverywhere()
  expect(run.faults).toEqual([])
}

/** Ids are for the other topic, so that in this one every position can be accounted for. */
function idsFor(step: Step & { ids: (string | null)[] }): (string | null)[] {
  return step.topic === 'keyed' ? step.ids : step.ids.map(() => null)
}

function refused(batch: readonly Given[], error: unknown, { expect: expected }: { expect?: number }): void {
  const { code, fault } = error as { code?: string; fault?: Fault }
  for (const given of batch) {
    given.unsure = code === 'outcome-unknown'
    given.refused = code !== 'outcome-unknown'
  }
  if (code !== 'version-conflict' || expected === undefined) throw error
  expect(fault).toMatchObject({ expected, actual: expect.any(Number) })
  // A position that was read can only have been passed since.
  if (expected < 1_000_000) expect(fault!['actual']).toBeGreaterThan(expected)
}

describe.each(settings)('$name', ({ storage, tabs }) => {
  const ways = tabs()
  const others: AnotherTab[] = []
  beforeAll(async () => {
    while (others.length < ways.length - 1) others.push(await openAnotherTab())
  })
  afterAll(() => {
    for (const other of others.splice(0)) other.close()
  })

  test('any interleaving leaves one log in order, without gap, loss or repeat', { timeout: 180_000 }, async () => {
    const libraries = [thisTab, ...others.map(({ library }) => library)]
    const property = fc.asyncProperty(steps(ways.length), batching, async (all, options) => {
      const run = new Run(libraries, ways, { ...options, storage })
      try {
        await run.start()
        // A store in memory lives as long as someone holds it.
        if (storage === 'memory') await run.open(0)
        await run.take(all)
        await expectOneLog(run)
      } finally {
        await run.end()
      }
    })
    // A run takes milliseconds; one that hangs is told from one on a busy machine.
    await fc.assert(property, { numRuns, timeout: 30_000, interruptAfterTimeLimit: 150_000 })
  })
})
