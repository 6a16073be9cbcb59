import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Store, StoredEvent } from '../../src/index.js'
import { eventId } from '../../src/fold/counter/event-ids.js'
import { describeEachGround } from '../kit/grounds.js'

async function totals(store: Store): Promise<Record<string, number>> {
  const ids = (await store.counters.ids()).toSorted()
  return Object.fromEntries(
    await Promise.all(ids.map(async (id) => [id, (await store.counters.query(id).ever().sum())!] as const)),
  )
}

/** What the events of the log add up to. */
function recount(events: readonly StoredEvent[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { topic, type, weight } of events) {
    const id = eventId(topic, type)
    counts[id] = (counts[id] ?? 0) + weight
  }
  return counts
}

test('names with a slash or a percent sign in them are told apart', () => {
  expect(eventId('a/b', 'c%')).toBe('a%2Fb/c%25')
  const name = fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('/', '%', '2', 'F', '5') })
  fc.assert(
    fc.property(name, name, name, name, (topic, type, otherTopic, otherType) => {
      const isSame = topic === otherTopic && type === otherType
      expect(eventId(topic, type) === eventId(otherTopic, otherType)).toBe(isSame)
    }),
    { numRuns: 2000 },
  )
})

describeEachGround((ground) => {
  test('every logged event counts under topic/type, with its weight', async () => {
    const store = await ground.open()
    store.topic('cart').record('added')
    store.topic('a/b').record('c%', 1, { weight: 2.5 })
    await store.topic('cart').append([{ type: 'added', weight: 3 }, { type: 'paid' }])
    expect(await totals(store)).toEqual({ 'a%2Fb/c%25': 2.5, 'cart/added': 4, 'cart/paid': 1 })
    expect(await store.counters.query('cart/added').lastHours(2).sum()).toBe(4)
  })

  test('not what was refused, withheld, or is there already', async () => {
    const store = await ground.open({ beforeRecord: (draft) => (draft.type === 'secret' ? null : draft) })
    const topic = store.topic('t')
    await topic.append({ type: 'x', id: 'once' })
    await topic.append({ type: 'x', id: 'once' })
    await expect(topic.append({ type: 'x' }, { expect: 7 })).rejects.toMatchObject({ code: 'version-conflict' })
    topic.record('secret')
    expect(await totals(store)).toEqual({ 't/x': 1 })
  })

  test('sampled types stay true on average: what is kept weighs more', async () => {
    const store = await ground.open({ sampling: { moved: 0.5 } })
    for (let n = 0; n < 400; n++) store.topic('t').record('moved')
    const kept = await store.topic('t').count()
    expect(await totals(store)).toEqual({ 't/moved': kept * 2 })
  })

  test('none, where they are not to be counted', async () => {
    const store = await ground.open({ counters: { countEvents: false } })
    store.topic('t').record('x')
    store.counters.record('own')
    expect(await totals(store)).toEqual({ own: 1 })
  })

  test('counts survive clear, erase and retention', async () => {
    const store = await ground.open({ retention: { maxEvents: 10 } })
    for (let n = 0; n < 3000; n++) store.topic('t').record(n % 2 ? 'x' : 'y')
    await store.flush()
    await store.compact()
    await store.erase({ types: ['x'] })
    await store.clear()
    expect(await store.count()).toBe(0)
    expect(await totals(store)).toEqual({ 't/x': 1500, 't/y': 1500 })
  })

  test('an event counts at its own time, and one that lies ahead when it is committed', async () => {
    const store = await ground.open()
    const [now, day] = [Date.now(), 86_400_000]
    await store.topic('t').append([
      { type: 'old', time: now - 10 * day },
      { type: 'old', time: 5 },
      { type: 'ahead', time: now + 10 * day },
      { type: 'ahead', time: 1e300 },
      { type: 'ancient', time: -1e300 },
    ])
    expect(await store.counters.query('t/old').lastDays(9).sum()).toBe(0)
    expect(await store.counters.query('t/old').lastDays(12).sum()).toBe(1)
    expect(await store.counters.query('t/ahead').lastHours(2).sum()).toBe(2)
    expect(await store.counters.query('t/ancient').ever().sum()).toBe(0)
    expect((await store.metrics()).lateDropped).toBe(2)
  })

  test('events and records of any tasks add up to the log and what was recorded', { timeout: 60_000 }, async () => {
    const store = await ground.open()
    const step = fc.record({
      topic: fc.constantFrom('a', 'b/c', '%'),
      type: fc.constantFrom('x', 'y', 'z/'),
      weight: fc.constantFrom(1, 1, 3, 0.5),
      way: fc.constantFrom('record' as const, 'append' as const, 'count' as const, 'turn' as const),
    })
    const own: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        for (const { topic, type, weight, way } of steps) {
          if (way === 'record') store.topic(topic).record(type, undefined, { weight })
          else if (way === 'append') void store.topic(topic).append([{ type, weight }, { type }])
          else if (way === 'turn') await Promise.resolve()
          else {
            const id = `own ${type}`
            store.counters.record(id, { count: 2 })
            own[id] = (own[id] ?? 0) + 2
          }
        }
        expect(await totals(store)).toEqual({ ...recount(await store.read()), ...own })
      }),
      { numRuns: 20 },
    )
  })

  test('1,000 types in one flush', async () => {
    const store = await ground.open()
    for (let n = 0; n < 3000; n++) store.topic('t').record(`type${n % 1000}`)
    await store.flush()
    expect(await store.counters.ids()).toHaveLength(1000)
    expect(await store.counters.query('t/type999').ever().sum()).toBe(3)
  })

  describe.skipIf(!ground.durable)('after a restart', () => {
    test('they go on from where they were', async () => {
      for (let n = 1; n <= 3; n++) {
        const store = await ground.reopen()
        store.topic('t').record('x')
        store.counters.record('own', { count: 2 })
        expect(await totals(store)).toEqual({ 't/x': n, own: 2 * n })
        await store.close()
      }
    })
  })
})
