import { describeEachGround } from '../kit/grounds.js'
import { describe, expect, test } from 'vitest'
import { deleteStore, openStore, StoreError, type StoreOptions } from '../../src/index.js'

const invalid = expect.objectContaining({ code: 'invalid-argument' })

describe('openStore', () => {
  test.each<[what: string, name: unknown, options: unknown]>([
    ['an empty name', '', {}],
    ['a name that is no string', 7, {}],
    ['a name of 257 characters', 'n'.repeat(257), {}],
    ['an unknown host', 'a', { host: 'cloud' }],
    ['an unknown durability', 'a', { durability: 'eventual' }],
    ['a batch size of zero', 'a', { batchSize: 0 }],
    ['a fractional batch size', 'a', { batchSize: 1.5 }],
    ['a negative timeout', 'a', { batchTimeoutMs: -1 }],
    ['a queue bound of NaN', 'a', { maxQueueBytes: NaN }],
    ['a beforeRecord that is no function', 'a', { beforeRecord: true }],
    ['options that are no object', 'a', null],
  ])('refuses %s', async (_what, name, options) => {
    await expect(openStore(name as string, options as StoreOptions)).rejects.toEqual(invalid)
  })

  test('refuses with an error that names the field and says what to give', async () => {
    const error = await openStore('a', { batchSize: 0 }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ message: 'batchSize must be a whole number of at least 1, not 0.' })
    expect((error as StoreError).fault).toMatchObject({ code: 'invalid-argument', retry: 'never', field: 'batchSize' })
  })

  test('stops when its signal is aborted', async () => {
    await expect(openStore('a', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
  })

  test('deleteStore refuses a bad name too', async () => {
    await expect(deleteStore('')).rejects.toEqual(invalid)
  })
})

describeEachGround((ground) => {
  test('bad topics, types and options are refused, and nothing is stored', async () => {
    const store = await ground.open()
    const topic = store.topic('t')
    expect(() => store.topic('')).toThrow(invalid)
    expect(() => store.topic('t'.repeat(257))).toThrow(invalid)
    expect(() => topic.record('', 1)).toThrow(invalid)
    expect(() => topic.record(7 as never, 1)).toThrow(invalid)
    expect(() => topic.record('x', 1, { time: NaN })).toThrow(invalid)
    expect(() => topic.record('x', 1, { weight: 0 })).toThrow(invalid)
    expect(() => topic.record('x', 1, { id: '' })).toThrow(invalid)
    expect(() => topic.record('x', 1, { meta: 'm' as never })).toThrow(invalid)
    await expect(topic.append({ type: 'x', data: 1 }, { expect: -1 })).rejects.toEqual(invalid)
    await expect(topic.append({ type: 'x', data: 1 }, { durability: 'sure' as never })).rejects.toEqual(invalid)
    await expect(topic.append([{ type: 'x', data: 1 }, null as never])).rejects.toEqual(invalid)
    expect(await topic.count()).toBe(0)
  })

  test.each<[string, object]>([
    ['a negative position', { from: -1 }],
    ['a fractional position', { to: 1.5 }],
    ['a negative limit', { limit: -1 }],
    ['a time that is no number', { since: 'yesterday' }],
    ['types that are no list', { types: 'x' }],
    ['an unknown direction', { direction: 'up' }],
  ])('a query with %s is refused', async (_what, query) => {
    const topic = (await ground.open()).topic('t')
    await expect(topic.read(query)).rejects.toEqual(invalid)
    await expect(topic.count(query)).rejects.toEqual(invalid)
    await expect(topic.stream(query)[Symbol.asyncIterator]().next()).rejects.toEqual(invalid)
  })

  test('last(n) and pageSize take whole numbers only', async () => {
    const topic = (await ground.open()).topic('t')
    for (const n of [-1, 0.5, NaN, '3']) await expect(topic.last(n as number)).rejects.toEqual(invalid)
    await expect(topic.stream({ pageSize: 0 })[Symbol.asyncIterator]().next()).rejects.toEqual(invalid)
  })

  test('what cannot be cloned is refused at the call, and the rest of the batch with it', async () => {
    const topic = (await ground.open()).topic('t')
    const refused = expect.objectContaining({
      code: 'not-cloneable',
      fault: expect.objectContaining({ field: 'data' }),
    })
    const poisoned = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get() {
        throw new Error('trap')
      },
    })
    for (const data of [() => {}, { deep: [Symbol('s')] }, new WeakMap(), poisoned]) {
      expect(() => topic.record('x', data)).toThrow(refused)
    }
    expect(() => topic.record('x', 1, { meta: { f() {} } })).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ field: 'meta' }) }),
    )
    await expect(
      topic.append([
        { type: 'x', data: 1 },
        { type: 'x', data: () => {} },
      ]),
    ).rejects.toEqual(refused)
    topic.record('x', 'still works')
    expect((await topic.read()).map(({ data, position }) => [data, position])).toEqual([['still works', 0]])
  })
})
