import { describeEachGround } from '../kit/grounds.js'
import { expect, test } from 'vitest'
import type { Retention, Store } from '../../src/index.js'

async function fill(store: Store, topic: string, count: number, from = 0): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => ({ type: 'x', data: { n: from + n }, time: 1000 + from + n }))
  await store.topic(topic).append(events)
}

const numbers = (events: { data: unknown }[]): number[] => events.map(({ data }) => (data as { n: number }).n)
const upTo = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n)

describeEachGround((ground) => {
  test('many small flushes are merged into few segments that read the same', async () => {
    // Fewer than are merged in the background, however slow it goes.
    const store = await ground.open()
    for (let n = 0; n < 12; n++) await fill(store, n % 2 ? 'a' : 'b', 1, n)
    const before = await store.read()
    const report = await store.compact()
    expect(report).toMatchObject({ segmentsBefore: 12, segmentsAfter: 1, evicted: 0 })
    expect(report.bytesAfter).toBeLessThan(report.bytesBefore)
    expect(await store.read()).toEqual(before)
    expect(await store.metrics()).toMatchObject({ segments: 1, bytes: report.bytesAfter, events: 12 })
    await fill(store, 'a', 3, 12)
    expect(numbers(await store.read({ from: 10 }))).toEqual([10, 11, 12, 13, 14])
    expect(await store.compact()).toMatchObject({ segmentsBefore: 2, segmentsAfter: 1 })
    expect(await store.compact()).toMatchObject({ segmentsBefore: 1, segmentsAfter: 1 })
  })

  test('cold segments are compressed and read the same; with compression off they are not', async () => {
    const events = Array.from({ length: 3000 }, (_, n) => ({
      type: n % 3 ? 'product-viewed' : 'added-to-cart',
      data: { sku: `TEA-${n % 50}`, customer: `c${n % 200}`, cents: 450, currency: 'EUR', source: 'recommendations' },
    }))
    const json = JSON.stringify(events).length
    const store = await ground.open()
    await store.topic('shop').append(events)
    const before = await store.read()
    const report = await store.compact()
    expect(report.bytesAfter).toBeLessThan(json / 2)
    expect(await store.read()).toEqual(before)
    expect(await store.topic('shop').last(2)).toEqual(before.slice(-2))
    const plain = await ground.open({ compression: 'off' })
    await plain.topic('shop').append(events)
    expect((await plain.compact()).bytesAfter).toBeGreaterThan(json / 2)
  })

  test('retention by events keeps a contiguous newest part; positions and sequences go on', async () => {
    const store = await ground.open({ retention: { maxEvents: 1500 } })
    for (let n = 0; n < 5; n++) await fill(store, 't', 1000, n * 1000)
    const { evicted } = await store.compact()
    const kept = numbers(await store.topic('t').read())
    expect(kept.length).toBeGreaterThanOrEqual(1500)
    expect(kept.length).toBeLessThanOrEqual(2500)
    expect(kept).toEqual(upTo(5000 - kept.length, 5000))
    expect(evicted).toBe(5000 - kept.length)
    expect(await store.metrics()).toMatchObject({ evicted, events: kept.length })
    expect((await store.topics())[0]).toMatchObject({ first: 5000 - kept.length, next: 5000, count: kept.length })
    expect(await store.topic('t').append({ type: 'x', data: 1 })).toMatchObject({ first: 5000, firstSequence: 5000 })
  })

  test('retention by bytes and by age are upper bounds, and a topic may have its own', async () => {
    const store = await ground.open({
      retention: { maxBytes: 100_000 },
      topics: { precious: { retention: { maxEvents: 1e6 } } },
    })
    const text = 'x'.repeat(1000)
    for (let n = 0; n < 10; n++) {
      await store.topic('t').append(upTo(0, 50).map(() => ({ type: 'x', data: text })))
      await store.topic('precious').append({ type: 'x', data: n })
    }
    await store.compact()
    const [precious, t] = await store.topics()
    expect(precious).toMatchObject({ name: 'precious', count: 10, first: 0 })
    expect(t!.count * 1000).toBeGreaterThan(90_000)
    expect(t!.count * 1000).toBeLessThan(165_000)
    const aged = await ground.open({ retention: { maxAgeMs: 60_000 } })
    await aged.topic('old').append({ type: 'x', data: 1, time: Date.now() - 120_000 })
    await aged.topic('old').append({ type: 'x', data: 2, time: Date.now() })
    await aged.compact()
    expect((await aged.topic('old').read()).map(({ data }) => data)).toEqual([2])
  })

  test.each([[{ maxEvents: 0 }], [{ maxBytes: -1 }], [{ maxAgeMs: 1.5 }], [{ maxPages: 3 }]])(
    'retention %j is refused',
    async (retention) => {
      await expect(ground.open({ retention: retention as Retention })).rejects.toMatchObject({
        code: 'invalid-argument',
      })
    },
  )

  test('a snapshot sees what there was, whatever is recorded, cleared, compacted or evicted later', async () => {
    const store = await ground.open()
    for (let n = 0; n < 30; n++) await fill(store, n % 3 ? 'a' : 'b', 1, n)
    using snapshot = await store.snapshot()
    expect(snapshot).toMatchObject({ sequence: 29, time: 1029, count: 30 })
    await fill(store, 'a', 10, 30)
    await store.compact()
    await store.topic('a').clear()
    await store.compact()
    await store.clear()
    await store.compact()
    expect(await store.read()).toEqual([])
    expect(numbers(await snapshot.read())).toEqual(upTo(0, 30))
    expect(numbers(await snapshot.read({ topics: ['b'], direction: 'backward', limit: 2 }))).toEqual([27, 24])
    expect(await snapshot.topics()).toMatchObject([
      { name: 'a', count: 20 },
      { name: 'b', count: 10 },
    ])
    const streamed = []
    for await (const event of snapshot.stream({ pageSize: 7 })) streamed.push(event)
    expect(numbers(streamed)).toEqual(upTo(0, 30))
    expect(JSON.parse(await (await snapshot.toBlob()).text())).toMatchObject({
      sequence: 29,
      topics: [{ count: 20 }, { count: 10 }],
    })
    snapshot.close()
    await expect(snapshot.read()).rejects.toMatchObject({ code: 'closed' })
    await store.compact()
    expect((await store.metrics()).segments).toBe(0)
  })

  test('a snapshot of an earlier sequence, of some topics, and of nothing', async () => {
    const store = await ground.open()
    using empty = await store.snapshot()
    expect(empty).toMatchObject({ sequence: -1, time: 0, count: 0 })
    expect(await empty.read()).toEqual([])
    await fill(store, 'a', 10)
    await fill(store, 'b', 10, 10)
    using early = await store.snapshot({ at: 4 })
    expect(early).toMatchObject({ sequence: 4, time: 1004, count: 5 })
    expect(numbers(await early.read())).toEqual([0, 1, 2, 3, 4])
    using some = await store.snapshot({ topics: ['b'], at: 12 })
    expect(some).toMatchObject({ sequence: 12, count: 3 })
    expect(await some.topics()).toMatchObject([{ name: 'b', count: 3, next: 3 }])
    expect(numbers(await some.read())).toEqual([10, 11, 12])
    expect(await empty.read()).toEqual([])
    await expect(store.snapshot({ at: -1 })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('erased events are gone for good, from open snapshots too, and their positions stay used', async () => {
    const store = await ground.open()
    for (let n = 0; n < 20; n++) {
      await store.topic('t').append({ type: n % 2 ? 'odd' : 'even', data: { user: { id: n % 5 } }, meta: { n } })
    }
    await store.compact()
    using snapshot = await store.snapshot()
    expect(await store.erase({ where: { 'user.id': 3 } })).toEqual({ erased: 4 })
    const events = await store.topic('t').read()
    expect(events.map(({ position }) => position)).toEqual(upTo(0, 20).filter((n) => n % 5 !== 3))
    expect(await store.count()).toBe(16)
    expect(snapshot.count).toBe(16)
    expect(await snapshot.read()).toEqual(events)
    expect((await store.topics())[0]).toMatchObject({ count: 16, next: 20 })
    expect(await store.erase({ where: { 'user.id': 3 } })).toEqual({ erased: 0 })
    await store.compact()
    expect(await store.topic('t').read()).toEqual(events)
    expect(await store.topic('t').read({ from: 3, to: 9 })).toHaveLength(4)
    expect(await store.erase({})).toEqual({ erased: 16 })
    expect(await store.read()).toEqual([])
    expect(await store.topic('t').append({ type: 'x', data: 1 })).toMatchObject({ first: 20, firstSequence: 20 })
  })

  test('sampling keeps a share of recorded events, which then weigh more; appends are never sampled', async () => {
    const store = await ground.open({ sampling: { tick: 0.25, never: 0 }, topics: { all: { sampling: { tick: 1 } } } })
    for (let n = 0; n < 400; n++) store.topic('t').record('tick', n)
    store.topic('t').record('never', 1)
    store.topic('t').record('other', 1)
    for (let n = 0; n < 5; n++) store.topic('all').record('tick', n)
    await store.topic('t').append(upTo(0, 3).map((n) => ({ type: 'never', data: n })))
    const ticks = await store.topic('t').read({ types: ['tick'] })
    expect(ticks.length).toBeGreaterThan(50)
    expect(ticks.length).toBeLessThan(150)
    expect(ticks.every(({ weight }) => weight === 4)).toBe(true)
    expect(await store.topic('t').count({ types: ['never'] })).toBe(3)
    expect(await store.topic('all').count()).toBe(5)
    expect((await store.metrics()).sampled).toBe(400 - ticks.length + 1)
    await expect(ground.open({ sampling: { x: 2 } })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('ids are known after compaction and reopening', async () => {
    const store = await ground.open()
    const first = await store.topic('t').append({ type: 'x', data: 1, id: 'one' })
    await fill(store, 't', 100)
    await store.compact()
    expect(await store.topic('t').append({ type: 'x', data: 2, id: 'one' })).toEqual(first)
    if (!ground.durable) return
    await store.close()
    const again = await ground.reopen()
    expect(await again.topic('t').append({ type: 'x', data: 2, id: 'one' })).toEqual(first)
    expect(await again.topic('t').append({ type: 'x', data: 2, id: 'two' })).toMatchObject({ first: 101 })
  })
})
