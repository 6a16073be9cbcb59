import { describeEachGround, type Ground } from '../kit/grounds.js'
import { isRealIndexedDb } from '../kit/indexeddb.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deleteStore, openStore, type EventDraft, type Query, type Store, type StoredEvent } from '../../src/index.js'

// Logs and queries by chance, and the answer by looking at every event. A failure prints its seed and path: given to
// `fc.assert` beside `numRuns` they run the same log and the same queries again.

const topics = ['a', 'b', 'c/d'] as const
const types = ['x', 'y', 'z'] as const
const stranger = 'never recorded'
const numRuns = isRealIndexedDb ? 40 : 150
const QUERIES_A_LOG = 20

type StoreQuery = Query & { topics?: string[] }

// Few values, so that queries find something; `k` is one of them at several depths.
const value = fc.constantFrom<unknown>(0, 1, 'one', '', null, true, [1, 'two'], { k: 1 })
const data = fc.oneof(
  fc.record({ k: value, deep: fc.record({ k: value }, { requiredKeys: [] }), 'a.b': value }, { requiredKeys: [] }),
  value,
)
const meta = fc.option(fc.record({ k: value }, { requiredKeys: [] }), { nil: undefined })
// Out of order, equal and fractional times, some before 1970.
const time = fc.oneof(fc.integer({ min: -5, max: 20 }), fc.constantFrom(-0.5, 7.25, 7.5))

interface Entry {
  topic: string
  draft: EventDraft
  /** Characters beside the data, so that one commit takes several segments. */
  padding: number
}

const entry: fc.Arbitrary<Entry> = fc.record({
  topic: fc.constantFrom(...topics),
  draft: fc.record({ type: fc.constantFrom(...types), data, time, meta }),
  padding: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(25_000) }),
})

type Step = { do: 'record' | 'append'; entries: Entry[] } | { do: 'clear'; topic: string } | { do: 'restart' }

const log: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('record'), entries: fc.array(entry, { maxLength: 12 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('append'), entries: fc.array(entry, { maxLength: 12 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear'), topic: fc.constantFrom(...topics) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
  ),
  { maxLength: 8 },
) as fc.Arbitrary<Step[]>

const place = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(Infinity))
const bound = fc.oneof(time, fc.constantFrom(-Infinity, Infinity))
const path = fc.constantFrom('k', 'deep.k', 'deep', 'a\\.b', 'k.k', 'k.0', '@meta.k', 'nowhere', 'k.nowhere')
const where = fc.dictionary(path, value, { minKeys: 1, maxKeys: 2 })
const names = fc.uniqueArray(fc.constantFrom(...topics, stranger), { maxLength: 3 })

const query: fc.Arbitrary<StoreQuery> = fc.record(
  {
    topics: names,
    from: place,
    to: place,
    since: bound,
    until: bound,
    types: fc.uniqueArray(fc.constantFrom(...types, stranger), { maxLength: 3 }),
    where,
    limit: place,
    direction: fc.constantFrom('forward', 'backward'),
  },
  { requiredKeys: [] },
)

interface Question {
  /** Null: of the whole store. */
  topic: string | null
  query: StoreQuery
  pageSize: number
  n: number
}

const question: fc.Arbitrary<Question> = fc.record({
  topic: fc.option(fc.constantFrom(...topics, stranger)),
  query,
  pageSize: fc.integer({ min: 1, max: 40 }),
  n: fc.integer({ min: 0, max: 40 }),
})

function bruteForce(events: readonly StoredEvent[], topic: string | null, asked: StoreQuery): StoredEvent[] {
  const { from = 0, to = Infinity, since = -Infinity, until = Infinity, limit = Infinity } = asked
  const found = events.filter((event) => {
    if (topic !== null ? event.topic !== topic : asked.topics && !asked.topics.includes(event.topic)) return false
    const at = topic === null ? event.sequence : event.position
    if (at < from || at >= to || event.time < since || event.time >= until) return false
    if (asked.types && !asked.types.includes(event.type)) return false
    return Object.entries(asked.where ?? {}).every(([key, wanted]) => hasAt(event, key, wanted))
  })
  if (asked.direction === 'backward') found.reverse()
  return found.slice(0, limit)
}

const keysOf: Record<string, string[]> = {
  'a\\.b': ['a.b'],
  'deep.k': ['deep', 'k'],
  'k.k': ['k', 'k'],
  'k.0': ['k', '0'],
}

function hasAt(event: StoredEvent, key: string, wanted: unknown): boolean {
  let found: unknown = key.startsWith('@meta.') ? event.meta : event.data
  const name = key.replace('@meta.', '')
  for (const part of keysOf[name] ?? name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return false
    found = (found as Record<string, unknown>)[part]
  }
  return JSON.stringify(found) === JSON.stringify(wanted)
}

/** Writes the log through one handle after the other, and answers with the last one and what must be in it. */
async function write(steps: readonly Step[], handles: Handles): Promise<[Store, Partial<StoredEvent>[]]> {
  let store = await handles.open()
  let events: Partial<StoredEvent>[] = []
  const next = new Map<string, number>()
  const written = ({ topic, draft: own, padding }: Entry): EventDraft => {
    const draft = padding === 0 ? own : { ...own, data: { padding: '.'.repeat(padding), of: own.data } }
    const position = next.get(topic) ?? 0
    next.set(topic, position + 1)
    const { type, data: stored, time: at, meta: extra } = draft
    events.push({ topic, position, type, data: stored, time: at!, ...(extra ? { meta: extra } : {}) })
    return draft
  }
  for (const step of steps) {
    if (step.do === 'restart') {
      store = await handles.restart(store)
    } else if (step.do === 'clear') {
      await store.topic(step.topic).clear()
      events = events.filter(({ topic }) => topic !== step.topic)
    } else if (step.do === 'append') {
      for (const topic of topics) {
        await store.topic(topic).append(step.entries.filter((own) => own.topic === topic).map(written))
      }
    } else {
      for (const own of step.entries) {
        const { type, data: recorded, ...options } = written(own)
        store.topic(own.topic).record(type, recorded, options)
      }
    }
  }
  return [store, events]
}

async function streamed(stream: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  const events = []
  for await (const event of stream) events.push(event)
  return events
}

async function expectAnswer(store: Store, all: readonly StoredEvent[], asked: Question): Promise<void> {
  const { topic, pageSize, n } = asked
  const { topics: _topics, ...rest } = asked.query
  const own = topic === null ? asked.query : rest
  const source = topic === null ? store : store.topic(topic)
  const expected = bruteForce(all, topic, own)
  expect(await source.read(own)).toEqual(expected)
  expect(await source.count(own)).toBe(expected.length)
  expect(await streamed(source.stream({ ...own, pageSize }))).toEqual(expected)
  if (topic === null) return
  const everything = bruteForce(all, topic, {})
  expect(await store.topic(topic).last(n)).toEqual(n === 0 ? [] : everything.slice(-n))
  expect(await store.topic(topic).latest()).toEqual(everything.at(-1) ?? null)
  expect(await store.count({ topics: [topic] })).toBe(everything.length)
}

interface Handles {
  open(): Promise<Store>
  /** Another handle for this one; of a durable store everything was let go of in between. */
  restart(store: Store): Promise<Store>
}

let lastStore = 0

/** Runs `body` on a store of its own, made like the ground's. */
async function withStore(ground: Ground, body: (handles: Handles) => Promise<void>): Promise<void> {
  const name = `query-properties-${Date.now().toString(36)}-${++lastStore}`
  const host = ground.name.includes('shared worker') ? 'shared-worker' : 'inline'
  const opened: Store[] = []
  const open = async (): Promise<Store> => {
    const store = await openStore(name, { host, storage: ground.durable ? 'auto' : 'memory' })
    opened.push(store)
    return store
  }
  const restart = async (store: Store): Promise<Store> => {
    if (ground.durable) await store.close()
    const next = await open()
    await store.close()
    return next
  }
  try {
    await body({ open, restart })
  } finally {
    await Promise.allSettled(opened.map((store) => store.close()))
    await deleteStore(name)
  }
}

describeEachGround((ground: Ground) => {
  const questions = fc.array(question, { minLength: 1, maxLength: QUERIES_A_LOG, size: 'max' })

  test('every query finds what looking at all events finds', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(log, questions, (steps, asked) =>
      withStore(ground, async (handles) => {
        const [store, written] = await write(steps, handles)
        const all = await store.read()
        expect(all).toMatchObject(written)
        expect(all).toHaveLength(written.length)
        for (const one of asked) await expectAnswer(store, all, one)
      }),
    )
    await fc.assert(property, { numRuns, timeout: 20_000 })
  })

  test('queries asked all at once of a store just opened find the same', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(log, questions, (steps, asked) =>
      withStore(ground, async (handles) => {
        const [store] = await write(steps, handles)
        const all = await store.read()
        const opened = await handles.restart(store)
        await Promise.all(asked.map((one) => expectAnswer(opened, all, one)))
      }),
    )
    await fc.assert(property, { numRuns, timeout: 20_000 })
  })

  describe('queries over more than one page of stored bytes', { timeout: 60_000 }, () => {
    const EVENTS = 150
    const numbers = Array.from({ length: EVENTS }, (_, n) => n)
    const filled = async (): Promise<Store> => {
      const store = await ground.open()
      const padding = '.'.repeat(100_000)
      await store.topic('t').append(numbers.map((n) => ({ type: n % 2 ? 'odd' : 'even', data: { n, padding } })))
      return store
    }
    const numbersOf = (events: StoredEvent[]): unknown[] => events.map(({ data: own }) => (own as { n: number }).n)

    test('read all in both directions, and up to a limit', async () => {
      const topic = (await filled()).topic('t')
      expect(numbersOf(await topic.read())).toEqual(numbers)
      expect(numbersOf(await topic.read({ direction: 'backward' }))).toEqual(numbers.toReversed())
      expect(numbersOf(await topic.read({ limit: 120 }))).toEqual(numbers.slice(0, 120))
      expect(numbersOf(await topic.read({ direction: 'backward', limit: 120 }))).toEqual(
        numbers.toReversed().slice(0, 120),
      )
      expect(numbersOf(await topic.last(120))).toEqual(numbers.slice(-120))
    })

    test('count all in both directions', async () => {
      const topic = (await filled()).topic('t')
      expect(await topic.count()).toBe(EVENTS)
      expect(await topic.count({ direction: 'backward' })).toBe(EVENTS)
      expect(await topic.count({ types: ['odd'], from: 10 })).toBe((EVENTS - 10) / 2)
    })

    test('count no more than the limit', async () => {
      const topic = (await filled()).topic('t')
      expect(await topic.count({ limit: 120 })).toBe(120)
      expect(await topic.count({ limit: 120, direction: 'backward' })).toBe(120)
    })

    test.each([1, 7, 64, 1000])('stream all in pages of %i', async (pageSize) => {
      const topic = (await filled()).topic('t')
      expect(numbersOf(await streamed(topic.stream({ pageSize })))).toEqual(numbers)
      expect(numbersOf(await streamed(topic.stream({ pageSize, direction: 'backward', limit: 120 })))).toEqual(
        numbers.toReversed().slice(0, 120),
      )
    })
  })
})
