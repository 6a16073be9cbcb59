import { collector, describeEachGround } from '../kit/grounds.js'
import { expect, test } from 'vitest'

describeEachGround((ground) => {
  test('a topic reads as empty before anything is recorded in it', async () => {
    const store = await ground.open()
    const topic = store.topic('cart')
    expect(await topic.read()).toEqual([])
    expect(await topic.latest()).toBeNull()
    expect(await topic.last(3)).toEqual([])
    expect(await topic.count()).toBe(0)
    expect(await store.topics()).toEqual([])
  })

  test('recorded events get positions from 0 and carry what they were given', async () => {
    const store = await ground.open()
    const topic = store.topic('cart')
    topic.record('added', { sku: 'a' }, { time: 5.5, weight: 2, id: 'one', meta: { traceId: 't' } })
    topic.record('cleared')
    expect(await topic.read()).toEqual([
      {
        topic: 'cart',
        position: 0,
        sequence: 0,
        type: 'added',
        data: { sku: 'a' },
        time: 5.5,
        weight: 2,
        id: 'one',
        meta: { traceId: 't' },
        producer: store.producer,
        producerSeq: expect.any(Number),
      },
      expect.objectContaining({ position: 1, sequence: 1, type: 'cleared', data: undefined, weight: 1 }),
    ])
  })

  test('what is stored is the value at the time of record()', async () => {
    const topic = (await ground.open()).topic('cart')
    const plain = { list: [1] }
    const tagged = { map: new Map([['a', 1]]) }
    topic.record('plain', plain)
    topic.record('tagged', tagged)
    plain.list.push(2)
    tagged.map.set('b', 2)
    expect((await topic.read()).map(({ data }) => data)).toEqual([{ list: [1] }, { map: new Map([['a', 1]]) }])
  })

  test('record and append keep the order in which they were called', async () => {
    const topic = (await ground.open()).topic('t')
    const receipts = []
    for (let n = 0; n < 30; n += 3) {
      topic.record('n', n)
      receipts.push(
        topic.append([
          { type: 'n', data: n + 1 },
          { type: 'n', data: n + 2 },
        ]),
      )
    }
    expect((await Promise.all(receipts)).map(({ first }) => first)).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25, 28])
    expect((await topic.read()).map(({ data }) => data)).toEqual(Array.from({ length: 30 }, (_, n) => n))
  })

  test('a receipt names where the batch lies', async () => {
    const store = await ground.open()
    await store.topic('other').append({ type: 'x', data: 1 })
    const receipt = await store.topic('t').append([
      { type: 'x', data: 1 },
      { type: 'x', data: 2 },
    ])
    expect(receipt).toEqual({ topic: 't', count: 2, first: 0, last: 1, firstSequence: 1, lastSequence: 2 })
    expect(await store.topic('t').append([])).toMatchObject({ count: 0, first: 2, last: 1 })
  })

  test('expect holds an append back when someone was faster', async () => {
    const topic = (await ground.open()).topic('t')
    await topic.append({ type: 'x', data: 1 }, { expect: 0 })
    await expect(topic.append({ type: 'x', data: 2 }, { expect: 0 })).rejects.toMatchObject({
      code: 'version-conflict',
      fault: { expected: 0, actual: 1 },
    })
    expect(await topic.append({ type: 'x', data: 2 }, { expect: 1 })).toMatchObject({ first: 1 })
    expect(await topic.count()).toBe(2)
  })

  test('an id that is there already stores nothing and gives the first receipt', async () => {
    const topic = (await ground.open()).topic('t')
    const batch = [
      { type: 'x', data: 1, id: 'a' },
      { type: 'x', data: 2, id: 'b' },
    ]
    const receipt = await topic.append(batch)
    expect(await topic.append(batch)).toEqual(receipt)
    expect(await topic.append([batch[1]!, { type: 'x', data: 3, id: 'c' }])).toMatchObject({
      count: 1,
      first: 2,
      last: 2,
    })
    topic.record('x', 4, { id: 'a' })
    expect((await topic.read()).map(({ data }) => data)).toEqual([1, 2, 3])
  })

  test('queries by position, time and type are half-open and combine', async () => {
    const topic = (await ground.open()).topic('t')
    for (let n = 0; n < 20; n++) topic.record(n % 2 ? 'odd' : 'even', n, { time: 1000 + n })
    const data = async (query: Parameters<typeof topic.read>[0]) => (await topic.read(query)).map((event) => event.data)
    expect(await data({ from: 5, to: 8 })).toEqual([5, 6, 7])
    expect(await data({ since: 1017 })).toEqual([17, 18, 19])
    expect(await data({ until: 1002 })).toEqual([0, 1])
    expect(await data({ from: 15, since: 1010, types: ['odd'] })).toEqual([15, 17, 19])
    expect(await data({ from: 8, to: 8 })).toEqual([])
    expect(await data({ from: 8, to: 3 })).toEqual([])
    expect(await data({ limit: 3 })).toEqual([0, 1, 2])
    expect(await data({ limit: 0 })).toEqual([])
    expect(await data({ direction: 'backward', limit: 3 })).toEqual([19, 18, 17])
    expect(await data({ direction: 'backward', from: 2, to: 6 })).toEqual([5, 4, 3, 2])
    expect(await topic.count({ types: ['even'], from: 3 })).toBe(8)
  })

  test('where finds events by paths inside data and meta', async () => {
    const topic = (await ground.open()).topic('t')
    topic.record('x', { user: { id: 7 }, 'a.b': 1 }, { meta: { traceId: 'one' } })
    topic.record('x', { user: { id: 8 } }, { meta: { traceId: 'two' } })
    topic.record('x', { user: new Map([['id', 7]]) })
    topic.record('x', null)
    const positions = async (where: Record<string, unknown>) =>
      (await topic.read({ where })).map((event) => event.position)
    expect(await positions({ 'user.id': 7 })).toEqual([0, 2])
    expect(await positions({ 'a\\.b': 1 })).toEqual([0])
    expect(await positions({ '@meta.traceId': 'two' })).toEqual([1])
    expect(await positions({ user: { id: 8 } })).toEqual([1])
    expect(await positions({ '__proto__.x': 1 })).toEqual([])
  })

  test('a stream gives every event once, page by page', async () => {
    const topic = (await ground.open()).topic('t')
    await topic.append(Array.from({ length: 25 }, (_, n) => ({ type: 'x', data: n })))
    const seen = []
    for await (const event of topic.stream({ pageSize: 4 })) {
      seen.push(event.data)
      // Later than the stream's start: not part of what it gives.
      topic.record('late', null)
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => n))
    const newest = []
    for await (const event of topic.stream({ pageSize: 10, direction: 'backward', limit: 15, types: ['x'] }))
      newest.push(event.data)
    expect(newest).toEqual(Array.from({ length: 15 }, (_, n) => 24 - n))
  })

  test('last(n) gives the newest in order, latest() the newest', async () => {
    const topic = (await ground.open()).topic('t')
    for (let n = 1; n <= 20; n++) topic.record('x', n)
    expect((await topic.last(5)).map(({ data }) => data)).toEqual([16, 17, 18, 19, 20])
    expect(await topic.last(30)).toHaveLength(20)
    expect(await topic.last(0)).toEqual([])
    expect(await topic.latest()).toMatchObject({ data: 20, position: 19 })
  })

  test('50 events of 100 KiB and one of 2 MiB come back whole', async () => {
    const topic = (await ground.open()).topic('t')
    const big = 'ü🎈'.repeat(512 * 1024)
    for (let n = 0; n < 50; n++) topic.record('x', `${n}${'.'.repeat(100 * 1024)}`)
    await topic.append({ type: 'big', data: big })
    const events = await topic.read()
    expect(events.slice(0, 50).map(({ data }) => parseInt(String(data)))).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    )
    expect(events[50]!.data === big).toBe(true)
  })

  test.each(['live', 'start', 0] as const)('a subscription from %s is told when events are gone', async (from) => {
    const store = await ground.open()
    const topic = store.topic('t')
    await topic.append([
      { type: 'x', data: 0 },
      { type: 'x', data: 1 },
    ])
    const heard = collector<unknown>()
    const subscription = topic.subscribe((events) => heard.add(events.map(({ data }) => data)), {
      from,
      onRemoved: () => heard.add(['gone']),
    })
    await subscription.ready
    await heard.until(from === 'live' ? 0 : 2)
    heard.items.length = 0
    await store.erase({ topics: ['t'], to: 1 })
    expect(await heard.until(1)).toEqual(['gone'])
    await topic.append({ type: 'x', data: 2 })
    expect(await heard.until(2)).toEqual(['gone', 2])
    await store.clear()
    expect(await heard.until(3)).toEqual(['gone', 2, 'gone'])
  })
})
