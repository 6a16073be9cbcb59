import { collector, describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import type { Fault, StoredEvent } from '../../src/index.js'

describeEachGround((ground) => {
  test('all topics interleave in one rising sequence', async () => {
    const store = await ground.open()
    for (let n = 0; n < 6; n++) store.topic(n % 2 ? 'b' : 'a').record('x', n)
    const events = await store.read()
    expect(events.map(({ sequence, topic, position, data }) => [sequence, topic, position, data])).toEqual([
      [0, 'a', 0, 0],
      [1, 'b', 0, 1],
      [2, 'a', 1, 2],
      [3, 'b', 1, 3],
      [4, 'a', 2, 4],
      [5, 'b', 2, 5],
    ])
    expect((await store.read({ topics: ['b'], from: 2 })).map(({ data }) => data)).toEqual([3, 5])
    expect(await store.count({ topics: ['a'] })).toBe(3)
    const streamed = []
    for await (const { data } of store.stream({ pageSize: 2, direction: 'backward' })) streamed.push(data)
    expect(streamed).toEqual([5, 4, 3, 2, 1, 0])
  })

  test('topics() tells extent and size of each', async () => {
    const store = await ground.open()
    store.topic('b').record('x', 1, { time: 20 })
    store.topic('a').record('x', 'four', { time: 10 })
    store.topic('a').record('x', 2, { time: 30 })
    expect(await store.topics()).toEqual([
      { name: 'a', first: 0, next: 2, count: 2, bytes: 7, firstTime: 10, lastTime: 30 },
      { name: 'b', first: 0, next: 1, count: 1, bytes: 1, firstTime: 20, lastTime: 20 },
    ])
  })

  test('a subscription from the start catches up and goes on, every event once and in order', async () => {
    const store = await ground.open()
    const topic = store.topic('t')
    await topic.append(Array.from({ length: 1500 }, (_, n) => ({ type: 'x', data: n })))
    const seen = collector<unknown>()
    using subscription = topic.subscribe((events) => seen.add(events.map(({ data }) => data)), { from: 'start' })
    await subscription.ready
    for (let n = 1500; n < 1600; n++) {
      topic.record('x', n)
      if (n % 10 === 0) await store.flush()
    }
    expect(await seen.until(1600)).toEqual(Array.from({ length: 1600 }, (_, n) => n))
    expect(subscription.position).toBe(1600)
  })

  test('a live subscription misses nothing recorded after it is ready, and nothing before reaches it', async () => {
    const store = await ground.open()
    store.topic('a').record('x', 'before')
    const seen = collector<StoredEvent>()
    const subscription = store.subscribe((events) => seen.add(events), { topics: ['a'], types: ['x'] })
    await subscription.ready
    store.topic('a').record('y', 'other type')
    store.topic('b').record('x', 'other topic')
    store.topic('a').record('x', 'one')
    store.topic('a').record('x', 'two')
    expect((await seen.until(2)).map(({ data }) => data)).toEqual(['one', 'two'])
    subscription.close()
    await subscription.closed
    store.topic('a').record('x', 'after')
    await store.flush()
    expect(seen.items).toHaveLength(2)
  })

  test('a subscription from a position begins there', async () => {
    const topic = (await ground.open()).topic('t')
    await topic.append(Array.from({ length: 10 }, (_, n) => ({ type: 'x', data: n })))
    const seen = collector<unknown>()
    using _subscription = topic.subscribe((events) => seen.add(events.map(({ data }) => data)), { from: 7 })
    expect(await seen.until(3)).toEqual([7, 8, 9])
  })

  test('clear() empties what was recorded before it and keeps what comes after; positions go on', async () => {
    const store = await ground.open()
    const topic = store.topic('t')
    topic.record('x', 'before')
    store.topic('other').record('x', 'stays')
    const cleared = topic.clear()
    topic.record('x', 'after')
    await cleared
    expect((await topic.read()).map(({ data, position }) => [data, position])).toEqual([['after', 1]])
    expect(await topic.count()).toBe(1)
    expect((await store.read()).map(({ data }) => data)).toEqual(['stays', 'after'])
    await store.clear()
    expect(await store.read()).toEqual([])
    expect(await store.topics()).toMatchObject([
      { name: 'other', first: null, next: 1, count: 0 },
      { name: 't', first: null, next: 2, count: 0 },
    ])
    expect(await topic.append({ type: 'x', data: 1 })).toMatchObject({ first: 2, firstSequence: 3 })
  })

  test('metrics count events written and read, and commits', async () => {
    const store = await ground.open()
    const topic = store.topic('t')
    expect(await store.metrics()).toMatchObject({
      writes: 0,
      reads: 0,
      batches: 0,
      lastWriteMs: null,
      flushMs: null,
      readMs: null,
    })
    for (let n = 0; n < 5; n++) await topic.append({ type: 'x', data: n })
    await topic.read({ limit: 3 })
    const metrics = await store.metrics()
    expect(metrics).toMatchObject({ writes: 5, reads: 3, batches: 5, errors: 0, events: 5, queued: 0, queuedBytes: 0 })
    expect(metrics.lastWriteMs).toBeGreaterThanOrEqual(0)
    expect(metrics.readMs!.p95).toBeGreaterThanOrEqual(metrics.readMs!.p50)
    expect(metrics.flushMs!.p50).toBeLessThanOrEqual(metrics.flushMs!.p99)
    expect(metrics.segments).toBeGreaterThan(0)
    expect(metrics.bytes).toBeGreaterThan(0)
  })

  test('health tells host, durability and tabs', async () => {
    const store = await ground.open()
    const health = await store.health()
    expect(health).toMatchObject({ state: 'ok', fault: null, tabs: 1 })
    expect(health.host).toBe(ground.name.split(', ')[1]!.replace(' ', '-'))
    expect(health.durability).toBe(ground.name.startsWith('memory') ? 'memory' : 'relaxed')
    expect(health.reason === null).toBe(health.host === 'shared-worker')
  })

  test('an export is JSON that holds every event with its data', async () => {
    const store = await ground.open()
    const topic = store.topic('t')
    for (let n = 0; n < 2500; n++) topic.record('x', { n })
    topic.record('map', new Map([[1, 2n]]), { id: 'i', meta: { m: 1 }, weight: 3 })
    const progress: number[] = []
    const blob = await store.export({ onProgress: ({ done }) => progress.push(done) })
    const file = JSON.parse(await blob.text())
    expect(file).toMatchObject({ format: 'tabscribe', version: 1, store: store.name, sequence: 2500 })
    expect(file.topics).toMatchObject([{ name: 't', count: 2501 }])
    expect(file.events).toHaveLength(2501)
    expect(file.events[7]).toMatchObject({ topic: 't', position: 7, sequence: 7, type: 'x', data: { n: 7 } })
    expect(file.events[2500]).toMatchObject({ id: 'i', meta: { m: 1 }, weight: 3 })
    expect(progress.at(-1)).toBe(2501)
    const pretty = await (await store.export({ pretty: true, types: ['map'] })).text()
    expect(JSON.parse(pretty).events).toHaveLength(1)
    expect(pretty).toContain('\n  "events": [\n')
    expect(JSON.parse(await (await store.export({ limit: 0 })).text()).events).toEqual([])
  })

  test('beforeRecord can change an event or hold it back', async () => {
    const store = await ground.open({
      beforeRecord: (draft) => (draft.type === 'secret' ? null : { ...draft, data: { redacted: true } }),
    })
    const topic = store.topic('t')
    topic.record('x', { password: '…' })
    topic.record('secret', 1)
    expect(
      await topic.append([
        { type: 'secret', data: 1 },
        { type: 'x', data: 2 },
      ]),
    ).toMatchObject({ count: 1, first: 1 })
    expect((await topic.read()).map(({ data }) => data)).toEqual([{ redacted: true }, { redacted: true }])
    expect((await store.metrics()).withheld).toBe(2)
  })

  test('past maxQueueBytes record() drops with a fault and append() rejects', async () => {
    const faults = collector<Fault>()
    const store = await ground.open({ maxQueueBytes: 10_000, onFault: (fault) => faults.add([fault]) })
    const topic = store.topic('t')
    for (let n = 0; n < 20; n++) topic.record('x', '.'.repeat(1000))
    await expect(topic.append({ type: 'x', data: 1 })).rejects.toMatchObject({ code: 'queue-full' })
    const [fault] = await faults.until(1)
    expect(fault).toMatchObject({ code: 'queue-full', retry: 'now' })
    const kept = await topic.count()
    expect((await store.metrics()).dropped).toBe(20 - kept)
    expect(kept).toBeGreaterThan(0)
    await topic.append({ type: 'x', data: 'room again' })
  })

  test('a closed handle refuses everything with a fault; other handles go on', async () => {
    const store = await ground.open()
    const other = await ground.open()
    store.topic('t').record('x', 1)
    await store.close()
    await store.close()
    expect(() => store.topic('t').record('x', 2)).toThrow(expect.objectContaining({ code: 'closed' }))
    await expect(store.topic('t').append({ type: 'x', data: 1 })).rejects.toMatchObject({ code: 'closed' })
    await expect(store.read()).rejects.toMatchObject({ code: 'closed' })
    await expect(store.flush()).rejects.toMatchObject({ code: 'closed' })
    expect(() => store.subscribe(() => {})).toThrow(expect.objectContaining({ code: 'closed' }))
    expect((await other.topic('t').read()).map(({ data }) => data)).toEqual([1])
  })

  test('what was recorded before close() is there after reopening, or gone with a memory store', async () => {
    const store = await ground.open()
    for (let n = 0; n < 9; n++) store.topic('t').record('x', n)
    await store.close()
    const again = await ground.reopen()
    expect(await again.topic('t').count()).toBe(ground.durable ? 9 : 0)
    expect(await again.topic('t').append({ type: 'x', data: 1 })).toMatchObject({ first: ground.durable ? 9 : 0 })
  })

  test('closing a store ends its subscriptions without a fault', async () => {
    const store = await ground.open()
    const subscription = store.subscribe(() => {})
    await subscription.ready
    await store.close()
    await expect(subscription.closed).resolves.toBeUndefined()
  })

  test('a handler that throws is reported and delivery goes on', async () => {
    const reported: unknown[] = []
    const report = Object.getOwnPropertyDescriptor(globalThis, 'reportError')
    Object.defineProperty(globalThis, 'reportError', {
      value: (error: unknown) => reported.push(error),
      configurable: true,
    })
    try {
      const topic = (await ground.open()).topic('t')
      const seen = collector<unknown>()
      using subscription = topic.subscribe((events) => {
        seen.add(events)
        throw new Error('broken handler')
      })
      await subscription.ready
      await topic.append({ type: 'x', data: 1 })
      await seen.until(1)
      await topic.append({ type: 'x', data: 2 })
      await seen.until(2)
      expect(reported).toHaveLength(2)
    } finally {
      if (report) Object.defineProperty(globalThis, 'reportError', report)
      else Reflect.deleteProperty(globalThis, 'reportError')
    }
  })

  describe('a signal', () => {
    test('that was aborted before rejects at once and stores nothing', async () => {
      const topic = (await ground.open()).topic('t')
      const signal = AbortSignal.abort('why')
      await expect(topic.read({ signal })).rejects.toMatchObject({ code: 'aborted', name: 'AbortError', cause: 'why' })
      await expect(topic.append({ type: 'x', data: 1 }, { signal })).rejects.toMatchObject({ code: 'aborted' })
      expect(await topic.count()).toBe(0)
    })

    test('ends a stream and a subscription', async () => {
      const topic = (await ground.open()).topic('t')
      await topic.append(Array.from({ length: 10 }, (_, n) => ({ type: 'x', data: n })))
      const aborting = new AbortController()
      const seen: unknown[] = []
      const stream = async () => {
        for await (const event of topic.stream({ pageSize: 2, signal: aborting.signal })) {
          seen.push(event.data)
          if (seen.length === 4) aborting.abort()
        }
      }
      await expect(stream()).rejects.toMatchObject({ code: 'aborted' })
      expect(seen).toEqual([0, 1, 2, 3])
      const subscription = topic.subscribe(() => {}, { signal: aborting.signal })
      await expect(subscription.closed).resolves.toBeUndefined()
    })
  })
})
