import { collector, describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import type { EventDraft, Store, StoredEvent, Topic } from '../../src/index.js'

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const drafts = (from: number, to: number): EventDraft[] => numbers(from, to).map((n) => ({ type: 'x', data: n }))
const valuesOf = (events: readonly StoredEvent[]): unknown[] => events.map(({ data }) => data)
const positionsOf = (events: readonly StoredEvent[]): number[] => events.map(({ position }) => position)

describeEachGround((ground) => {
  /** A topic that holds the numbers 1 to `count`, one millisecond after the other. */
  const topicOf = async (count: number): Promise<Topic> => {
    const topic = (await ground.open()).topic('t')
    for (let n = 1; n <= count; n++) topic.record('x', n, { time: 1000 + n })
    return topic
  }

  describe('the newest events', () => {
    test('the last 5 of 20 are 16 to 20, in order', async () => {
      expect(valuesOf(await (await topicOf(20)).last(5))).toEqual(numbers(16, 20))
    })

    test('the last 30 of 20 are all 20', async () => {
      expect(valuesOf(await (await topicOf(20)).last(30))).toEqual(numbers(1, 20))
    })

    test('the last of an empty topic are none', async () => {
      expect(await (await topicOf(0)).last(10)).toEqual([])
    })

    test('the latest of an empty topic is null', async () => {
      expect(await (await topicOf(0)).latest()).toBeNull()
    })

    test('the latest of five is the fifth, at position 4', async () => {
      expect(await (await topicOf(5)).latest()).toMatchObject({ data: 5, position: 4 })
    })

    test('the latest of three and two more is the fifth, at position 4', async () => {
      const topic = (await ground.open()).topic('t')
      await topic.append(drafts(1, 3))
      expect(await topic.latest()).toMatchObject({ data: 3, position: 2 })
      await topic.append(drafts(4, 5))
      expect(await topic.latest()).toMatchObject({ data: 5, position: 4 })
    })

    test('the last five are right however many came before', async () => {
      const topic = (await ground.open()).topic('t')
      for (let n = 1; n <= 2000; n += 500) await topic.append(drafts(n, n + 499))
      expect(positionsOf(await topic.last(5))).toEqual(numbers(1995, 1999))
    })
  })

  describe('ranges', () => {
    test('20 events from position 5 on are 15, the first of them the sixth', async () => {
      const events = await (await topicOf(20)).read({ from: 5 })
      expect(events).toHaveLength(15)
      expect(events[0]).toMatchObject({ data: 6, position: 5 })
    })

    test('since a time come the five events that are not earlier', async () => {
      const topic = (await ground.open()).topic('t')
      for (let n = 1; n <= 5; n++) topic.record('x', n, { time: 1000 })
      for (let n = 6; n <= 10; n++) topic.record('x', n, { time: 2000 })
      const events = await topic.read({ since: 1500 })
      expect(valuesOf(events)).toEqual(numbers(6, 10))
      expect(events.every(({ time }) => time >= 1500)).toBe(true)
    })

    test('a position and a time together hold both', async () => {
      const topic = await topicOf(20)
      expect(valuesOf(await topic.read({ from: 15, since: 1005 }))).toEqual(numbers(16, 20))
      expect(valuesOf(await topic.read({ from: 5, since: 1016 }))).toEqual(numbers(16, 20))
    })

    test.each([10, 20, 30])('a limit of %i gives the first that many of 50', async (limit) => {
      expect(valuesOf(await (await topicOf(50)).read({ limit }))).toEqual(numbers(1, limit))
    })

    test('50 events and 50 more read in the order they were written', async () => {
      const topic = (await ground.open()).topic('t')
      await topic.append(drafts(1, 50))
      await topic.append(drafts(51, 100))
      expect(valuesOf(await topic.read())).toEqual(numbers(1, 100))
    })

    test('50 events and 21 more have 71 different positions', async () => {
      const topic = (await ground.open()).topic('t')
      await topic.append(drafts(1, 50))
      for (let n = 51; n <= 71; n++) topic.record('x', n)
      expect(new Set(positionsOf(await topic.read())).size).toBe(71)
    })

    test('a read without a limit gives all there is', async () => {
      const topic = (await ground.open()).topic('t')
      await topic.append(drafts(1, 1001))
      expect(await topic.read()).toHaveLength(1001)
    })
  })

  describe('positions and times', () => {
    test('ten events have the positions 0 to 9', async () => {
      expect(positionsOf(await (await topicOf(10)).read())).toEqual(numbers(0, 9))
    })

    test('an event keeps the time it came with', async () => {
      const topic = (await ground.open()).topic('t')
      topic.record('x', 1, { time: 1_234_567_890_123.5 })
      await topic.append({ type: 'x', data: 2, time: 86_400_000 })
      expect((await topic.read()).map(({ time }) => time)).toEqual([1_234_567_890_123.5, 86_400_000])
    })

    test('an event without a time has that of its recording', async () => {
      const topic = (await ground.open()).topic('t')
      const before = Date.now()
      topic.record('x', 1)
      const { time } = (await topic.latest())!
      expect(time).toBeGreaterThanOrEqual(before)
      expect(time).toBeLessThanOrEqual(Date.now() + 1)
    })

    test('20 events of one time keep their order', async () => {
      const topic = (await ground.open()).topic('t')
      for (let n = 1; n <= 20; n++) topic.record('x', n, { time: 1000 })
      expect(valuesOf(await topic.read())).toEqual(numbers(1, 20))
      expect(valuesOf(await topic.read({ since: 1000, until: 1001 }))).toEqual(numbers(1, 20))
    })

    test('positions that events bring along, however large, are ignored', async () => {
      const topic = (await ground.open()).topic('t')
      const position = Number.MAX_SAFE_INTEGER
      await topic.append([{ type: 'x', data: { position }, position, sequence: position } as EventDraft])
      topic.record('x', { position: position - 1 }, { position: position - 1 } as object)
      await topic.append({ type: 'x', data: { position: 0 }, position: 0 } as EventDraft)
      const events = await topic.read()
      expect(positionsOf(events)).toEqual([0, 1, 2])
      expect(events.map(({ sequence }) => sequence)).toEqual([0, 1, 2])
      expect(valuesOf(events)).toEqual([{ position }, { position: position - 1 }, { position: 0 }])
    })

    test('times 0 and 2³² - 1 seconds are kept and found', async () => {
      const topic = (await ground.open()).topic('t')
      const last = (2 ** 32 - 1) * 1000
      topic.record('x', 'first', { time: 0 })
      topic.record('x', 'last', { time: last })
      expect((await topic.read()).map(({ time }) => time)).toEqual([0, last])
      expect(valuesOf(await topic.read({ since: 0, until: 1 }))).toEqual(['first'])
      expect(valuesOf(await topic.read({ since: last }))).toEqual(['last'])
    })
  })

  describe('committing', () => {
    test('a batch of 20 is one commit, at the positions 0 to 19', async () => {
      const store = await ground.open()
      expect(await store.topic('t').append(drafts(1, 20))).toMatchObject({ count: 20, first: 0, last: 19 })
      expect(valuesOf(await store.topic('t').read())).toEqual(numbers(1, 20))
      expect((await store.metrics()).batches).toBe(1)
    })

    test('a batch that names an id twice stores it once, and has the same receipt when it comes again', async () => {
      const topic = (await ground.open()).topic('t')
      const batch = drafts(1, 2).map((draft) => ({ ...draft, id: 'once' }))
      const receipt = await topic.append(batch)
      expect(receipt).toMatchObject({ count: 1, first: 0, last: 0 })
      expect(await topic.append(batch)).toEqual(receipt)
      expect(valuesOf(await topic.read())).toEqual([1])
    })

    test('11 single events at a batch size of 10 are committed up to the tenth with nobody flushing', async () => {
      const topic = (await ground.open({ batchSize: 10, batchTimeoutMs: 3_600_000 })).topic('t')
      const seen = collector<unknown>()
      using subscription = topic.subscribe((events) => seen.add(valuesOf(events)))
      await subscription.ready
      for (let n = 1; n <= 11; n++) {
        topic.record('x', n)
        await Promise.resolve()
      }
      expect((await seen.until(10)).slice(0, 10)).toEqual(numbers(1, 10))
    })

    test('a single event is committed after the timeout with nobody flushing', async () => {
      const topic = (await ground.open({ batchSize: 1000, batchTimeoutMs: 30 })).topic('t')
      const seen = collector<unknown>()
      using subscription = topic.subscribe((events) => seen.add(valuesOf(events)))
      await subscription.ready
      topic.record('x', 1)
      expect(await seen.until(1)).toEqual([1])
    })

    test('an append does not wait for the timeout, nor does what was recorded before it', async () => {
      const topic = (await ground.open({ batchSize: 1000, batchTimeoutMs: 3_600_000 })).topic('t')
      topic.record('x', 1)
      expect(await topic.append({ type: 'x', data: 2 })).toMatchObject({ first: 1 })
    })

    test('flush() resolves once all that was recorded is committed', async () => {
      const store = await ground.open({ batchSize: 1000, batchTimeoutMs: 3_600_000 })
      for (let n = 1; n <= 25; n++) store.topic('t').record('x', n)
      await store.flush()
      expect(await store.metrics()).toMatchObject({ writes: 25, queued: 0 })
    })
  })

  describe.runIf(ground.durable)('a restart', () => {
    const restart = async (store: Store): Promise<Store> => {
      await store.close()
      return ground.reopen()
    }

    test('between 30 events and 30 more leaves 60 without a gap', async () => {
      let store = await ground.open()
      for (let n = 1; n <= 30; n++) store.topic('t').record('x', n)
      store = await restart(store)
      for (let n = 31; n <= 60; n++) store.topic('t').record('x', n)
      const events = await store.topic('t').read()
      expect(positionsOf(events)).toEqual(numbers(0, 59))
      expect(valuesOf(events)).toEqual(numbers(1, 60))
    })

    test('changes nothing about what is stored', async () => {
      let store = await ground.open()
      store.topic('a').record('x', { deep: [1, new Map([['k', 2n]])] }, { time: 5, weight: 3, id: 'i', meta: { m: 1 } })
      await store.topic('b').append(drafts(1, 10))
      const [events, topics] = [await store.read(), await store.topics()]
      store = await restart(store)
      expect(await store.read()).toEqual(events)
      expect(await store.topics()).toEqual(topics)
    })

    test('between five events and five more leaves the positions 0 to 9', async () => {
      let store = await ground.open()
      await store.topic('t').append(drafts(1, 5))
      store = await restart(store)
      expect(await store.topic('t').append(drafts(6, 10))).toMatchObject({ first: 5, last: 9 })
      expect(positionsOf(await store.topic('t').read())).toEqual(numbers(0, 9))
    })

    test('keeps nine events that waited for a tenth', async () => {
      let store = await ground.open({ batchSize: 10, batchTimeoutMs: 3_600_000 })
      for (let n = 1; n <= 9; n++) store.topic('t').record('x', n)
      store = await restart(store)
      expect(valuesOf(await store.topic('t').read())).toEqual(numbers(1, 9))
    })

    test('does not give a cleared position or sequence again', async () => {
      let store = await ground.open()
      await store.topic('t').append(drafts(1, 5))
      await store.clear()
      store = await restart(store)
      expect(await store.topic('t').append(drafts(6, 6))).toMatchObject({ first: 5, firstSequence: 5 })
    })

    test('does not forget the ids that were appended', async () => {
      let store = await ground.open()
      const receipt = await store.topic('t').append({ type: 'x', data: 1, id: 'once' })
      store = await restart(store)
      expect(await store.topic('t').append({ type: 'x', data: 2, id: 'once' })).toEqual(receipt)
      expect(valuesOf(await store.topic('t').read())).toEqual([1])
    })

    test('lets readers that all come at once see every event once', async () => {
      let store = await ground.open()
      for (let n = 1; n <= 10; n += 2) await store.topic('t').append(drafts(n, n + 1))
      store = await restart(store)
      const topic = store.topic('t')
      const [read, again, last, count, all] = await Promise.all([
        topic.read(),
        topic.read({ direction: 'backward' }),
        topic.last(4),
        topic.count(),
        store.read(),
      ])
      expect(valuesOf(read)).toEqual(numbers(1, 10))
      expect(valuesOf(again)).toEqual(numbers(1, 10).reverse())
      expect(valuesOf(last)).toEqual(numbers(7, 10))
      expect(count).toBe(10)
      expect(valuesOf(all)).toEqual(numbers(1, 10))
    })
  })

  describe('many at once', () => {
    const handles = (count: number): Promise<Store[]> => Promise.all(numbers(1, count).map(() => ground.open()))

    test('100 writers of one event each leave 100', async () => {
      const writers = await handles(100)
      const receipts = await Promise.all(writers.map((store, n) => store.topic('t').append(drafts(n, n))))
      expect(receipts.map(({ first }) => first).sort((a, b) => a - b)).toEqual(numbers(0, 99))
      const events = await writers[0]!.topic('t').read()
      expect(positionsOf(events)).toEqual(numbers(0, 99))
      expect(new Set(valuesOf(events)).size).toBe(100)
    })

    test('five writers of 20 events each all complete', async () => {
      const writers = await handles(5)
      const write = async (store: Store, own: number): Promise<void> => {
        for (let n = 0; n < 20; n++) await store.topic('t').append({ type: 'x', data: [own, n] })
      }
      await Promise.all(writers.map(write))
      const events = valuesOf(await writers[0]!.topic('t').read()) as [number, number][]
      expect(events).toHaveLength(100)
      for (let own = 0; own < 5; own++) {
        expect(events.filter(([writer]) => writer === own).map(([, n]) => n)).toEqual(numbers(0, 19))
      }
    })

    test('five topics of 20 events each keep apart', async () => {
      const store = await ground.open()
      for (let n = 0; n < 20; n++) {
        for (let own = 0; own < 5; own++) store.topic(`t${own}`).record('x', [own, n])
      }
      for (let own = 0; own < 5; own++) {
        const events = await store.topic(`t${own}`).read()
        expect(positionsOf(events)).toEqual(numbers(0, 19))
        expect(valuesOf(events)).toEqual(numbers(0, 19).map((n) => [own, n]))
      }
    })

    test('five readers see a growing prefix of at least 50 while 50 become 100', async () => {
      const [writer, ...readers] = await handles(6)
      await writer!.topic('t').append(drafts(1, 50))
      const write = async (): Promise<void> => {
        for (let n = 51; n <= 100; n++) await writer!.topic('t').append(drafts(n, n))
      }
      const read = async (store: Store): Promise<void> => {
        let least = 50
        for (let time = 0; time < 20; time++) {
          const events = await store.topic('t').read()
          expect(valuesOf(events)).toEqual(numbers(1, events.length))
          expect(events.length).toBeGreaterThanOrEqual(least)
          least = events.length
        }
      }
      await Promise.all([write(), ...readers.map(read)])
      expect(valuesOf(await writer!.topic('t').read())).toEqual(numbers(1, 100))
    })
  })

  describe('metrics', () => {
    test('five events written are five writes', async () => {
      const store = await ground.open()
      for (let n = 1; n <= 5; n++) await store.topic('t').append(drafts(n, n))
      const metrics = await store.metrics()
      expect(metrics).toMatchObject({ writes: 5, batches: 5, errors: 0, events: 5 })
      expect(metrics.lastWriteMs).toBeGreaterThanOrEqual(0)
    })

    test('reads count the events they gave', async () => {
      const store = await ground.open()
      await store.topic('t').append(drafts(1, 10))
      expect(await store.metrics()).toMatchObject({ reads: 0, lastReadMs: null })
      await store.topic('t').read()
      await store.topic('t').last(3)
      await store.topic('t').latest()
      const metrics = await store.metrics()
      expect(metrics.reads).toBe(14)
      expect(metrics.lastReadMs).toBeGreaterThanOrEqual(0)
    })
  })

  describe('what is stored', () => {
    const roundTrip = async (values: readonly unknown[]): Promise<unknown[]> => {
      const topic = (await ground.open()).topic('t')
      topic.record('x', values[0])
      await topic.append(values.slice(1).map((data) => ({ type: 'x', data })))
      return valuesOf(await topic.read())
    }

    test.each<[what: string, value: unknown]>([
      ['null', null],
      ['undefined', undefined],
      ['a string', 'just text'],
      ['an empty string', ''],
      ['a number', 42],
      ['false', false],
      ['a plain object', { key: 'value' }],
      ['an empty object', {}],
      ['an empty array', []],
      ['an array of everything', [1, 'two', null, true, { three: 3 }, [4, [5]], 1.5, '']],
      ['an object of empty things', { list: [], map: {}, text: '', none: null }],
      ['emoji', '🎈 👩‍👩‍👧‍👦 🏳️‍🌈 é e\u0301'],
      ['control characters', '\u0000\u0001\u001f\u007f\t\r\n\u2028\u2029\ufeff'],
      ['lone surrogates', '\ud800 and \udfff'],
      ['quotes', `"double" 'single' \`back\` “typographic”`],
      ['a long text of ideographs', '漢字かな交じり文'.repeat(1000)],
      ['backslashes', 'C:\\new\\table\\u0041 \\\\ \\"'],
      ['markup', '<script>alert("&amp;")</script><!-- --><![CDATA[ ]]>'],
      ['keys of every kind', { '': 0, ' ': 1, 'a.b': 2, 漢: 3, '"': 4, '\\': 5, $: 6, constructor: 7 }],
    ])('%s comes back as it was', async (_what, value) => {
      expect(await roundTrip([value, value])).toStrictEqual([value, value])
    })

    test.each(numbers(1, 10))('%i levels of nesting come back', async (depth) => {
      let value: unknown = 'core'
      for (let level = 0; level < depth; level++) value = { level, list: [value] }
      expect(await roundTrip([value, value])).toStrictEqual([value, value])
    })

    test('an event of 100 KiB comes back whole', async () => {
      const text = '0123456789abcdef'.repeat(6400)
      const [value] = (await roundTrip([{ text }])) as [{ text: string }]
      expect(value.text === text).toBe(true)
    })

    test('four events of 1 MiB come back whole and in order', async () => {
      const texts = numbers(0, 3).map((n) => `${n}é🎈.`.repeat(2 ** 20 / 8))
      const values = await roundTrip(texts)
      expect(values).toHaveLength(4)
      for (const [n, value] of values.entries()) expect(value === texts[n]).toBe(true)
    })

    test('1,000 events written at once read the same ten times over', async () => {
      const topic = (await ground.open()).topic('t')
      await topic.append(drafts(1, 1000))
      for (let time = 0; time < 10; time++) expect(valuesOf(await topic.read())).toEqual(numbers(1, 1000))
    })

    test('a topic nothing was recorded in reads as empty, and reading does not make it', async () => {
      const store = await ground.open()
      store.topic('known').record('x', 1)
      const unknown = store.topic('unknown')
      expect([await unknown.read(), await unknown.latest(), await unknown.last(3), await unknown.count()]).toEqual([
        [],
        null,
        [],
        0,
      ])
      expect((await store.topics()).map(({ name }) => name)).toEqual(['known'])
    })
  })

  describe('counting and clearing', () => {
    test('a new store is empty', async () => {
      const store = await ground.open()
      expect([await store.count(), await store.read(), await store.topics()]).toEqual([0, [], []])
    })

    test('one record makes one event', async () => {
      const store = await ground.open()
      store.topic('t').record('x', 1)
      expect(await store.count()).toBe(1)
    })

    test('reading takes nothing away', async () => {
      const store = await ground.open()
      store.topic('t').record('x', 1)
      store.topic('t').record('x', 2)
      expect([(await store.read()).length, (await store.read()).length, await store.count()]).toEqual([2, 2, 2])
    })

    test('ten handles that record 100 events each make 1,000', async () => {
      const stores = await Promise.all(numbers(1, 10).map(() => ground.open()))
      await Promise.all(
        stores.map(async (store, own) => {
          for (let n = 0; n < 100; n++) {
            store.topic('t').record('x', [own, n])
            if (n % 10 === own) await store.flush()
          }
        }),
      )
      expect(await stores[0]!.count()).toBe(1000)
      const events = valuesOf(await stores[0]!.read()) as [number, number][]
      for (let own = 0; own < 10; own++) {
        expect(events.filter(([handle]) => handle === own).map(([, n]) => n)).toEqual(numbers(0, 99))
      }
    })

    test('10,000 events are counted and read', async () => {
      const store = await ground.open()
      for (let n = 1; n <= 10_000; n++) store.topic('t').record('x', n)
      expect(await store.count()).toBe(10_000)
      expect(valuesOf(await store.read())).toEqual(numbers(1, 10_000))
    })

    test('a cleared store is empty', async () => {
      const store = await ground.open()
      for (let n = 1; n <= 10; n++) store.topic(`t${n % 3}`).record('x', n)
      await store.clear()
      expect([await store.count(), await store.read(), (await store.metrics()).events]).toEqual([0, [], 0])
    })

    test('a record after a clear makes one event, at the next position', async () => {
      const store = await ground.open()
      for (let n = 1; n <= 10; n++) store.topic('t').record('x', n)
      await store.clear()
      store.topic('t').record('x', 'new')
      expect(await store.count()).toBe(1)
      expect(await store.read()).toMatchObject([{ data: 'new', position: 10, sequence: 10 }])
    })

    test('what is recorded while a clear is under way stays', async () => {
      const store = await ground.open()
      for (let n = 1; n <= 10; n++) store.topic('t').record('x', n)
      const cleared = store.clear()
      for (let n = 11; n <= 20; n++) store.topic('t').record('x', n)
      const receipt = store.topic('t').append(drafts(21, 21))
      await cleared
      expect(await receipt).toMatchObject({ first: 20 })
      expect(valuesOf(await store.read())).toEqual(numbers(11, 21))
    })
  })
})
