import { describe, expect, test } from 'vitest'
import { defineProjection, StoreError, type ProjectedState, type Store, type StoredEvent } from '../../src/index.js'
import { collector, describeEachGround } from '../kit/grounds.js'

interface Totals {
  sum: number
  last: { topic: string | null }
}

const total = defineProjection<Totals>({
  name: 'total',
  version: 1,
  initial: () => ({ sum: 0, last: { topic: null } }),
  reduce: ({ sum }, event) => ({ sum: sum + (event.data as number), last: { topic: event.topic } }),
})

/** As advised against. */
const inPlace = defineProjection<Totals>({
  ...total,
  name: 'in place',
  reduce(state, event) {
    state.sum += event.data as number
    state.last.topic = event.topic
    return state
  },
})

function observed<S>(
  store: Store,
  projection: Parameters<typeof store.observe<S>>[0],
  options: { signal?: AbortSignal } = {},
) {
  const told = collector<ProjectedState<S>>()
  const subscription = store.observe(projection, (projected) => told.add([projected]), options)
  return { told, subscription }
}

describeEachGround((ground) => {
  describe.each([total, inPlace])('observing $name', (projection) => {
    test('tells the state as it is, then after each change', async () => {
      const store = await ground.open()
      store.topic('a').record('x', 1)
      const { told, subscription } = observed(store, projection)
      await told.until(1)
      await subscription.ready
      await store.topic('a').append({ type: 'x', data: 2 })
      await told.until(2)
      await store.topic('b').append([
        { type: 'x', data: 3 },
        { type: 'x', data: 4 },
      ])
      const states = await told.until(3)
      expect(states.map(({ state }) => state)).toEqual([
        { sum: 1, last: { topic: 'a' } },
        { sum: 3, last: { topic: 'a' } },
        { sum: 10, last: { topic: 'b' } },
      ])
      expect(states.map(({ sequence }) => sequence)).toEqual([0, 1, 3])
      expect(states[2]!.state).toEqual((await store.project(projection)).state)
      subscription.close()
      await subscription.closed
    })

    test('is silent about batches that change nothing', async () => {
      const store = await ground.open()
      const { told, subscription } = observed(store, { ...projection, topics: ['a'] })
      await told.until(1)
      await store.topic('a').append({ type: 'x', data: 1 })
      await told.until(2)
      await store.topic('a').append({ type: 'x', data: 0 })
      await store.topic('b').append({ type: 'x', data: 5 })
      await store.topic('a').append({ type: 'x', data: 1 })
      const states = await told.until(3)
      expect(states.map(({ state }) => state.sum)).toEqual([0, 1, 2])
      expect(subscription.position).toBe(4)
      subscription.close()
    })

    test('tells what is left when events are cleared or erased, without waiting for new ones', async () => {
      const store = await ground.open()
      await store.topic('a').append([1, 2, 4].map((data) => ({ type: 'x', data })))
      await store.topic('b').append({ type: 'x', data: 8 })
      const { told, subscription } = observed(store, projection)
      await told.until(1)
      await store.erase({ topics: ['a'], from: 1, to: 2 })
      await told.until(2)
      await store.topic('b').clear()
      await told.until(3)
      await store.clear()
      await told.until(4)
      await store.topic('a').append({ type: 'x', data: 16 })
      const states = await told.until(5)
      expect(states.map(({ state }) => state.sum)).toEqual([15, 13, 5, 0, 16])
      expect(states[3]).toMatchObject({ sequence: -1, state: { last: { topic: null } } })
      subscription.close()
    })

    test('gives every call a state of its own', async () => {
      const store = await ground.open()
      const { told, subscription } = observed(store, projection)
      const [first] = await told.until(1)
      first!.state.sum = 100
      await store.topic('a').append({ type: 'x', data: 1 })
      const [, second] = await told.until(2)
      second!.state.last.topic = 'changed by the handler'
      // It changes nothing: what the handler did to its state is no change.
      await store.topic('a').append({ type: 'x', data: 0 })
      await store.topic('a').append({ type: 'x', data: 1 })
      await told.until(3)
      expect(told.items.map(({ state }) => state)).toEqual([
        { sum: 100, last: { topic: null } },
        { sum: 1, last: { topic: 'changed by the handler' } },
        { sum: 2, last: { topic: 'a' } },
      ])
      subscription.close()
    })
  })

  test('another handle hears of what this one commits', async () => {
    const store = await ground.open()
    const { told, subscription } = observed(await ground.reopen(), total)
    await told.until(1)
    await store.topic('a').append({ type: 'x', data: 3 })
    expect((await told.until(2))[1]!.state.sum).toBe(3)
    subscription.close()
  })

  test('a signal closes it, as the handle does', async () => {
    const store = await ground.open()
    const controller = new AbortController()
    const { told, subscription } = observed(store, total, { signal: controller.signal })
    await told.until(1)
    controller.abort()
    await subscription.closed
    const other = observed(store, total)
    await other.told.until(1)
    await store.close()
    await other.subscription.closed
    expect(() => store.observe(total, () => {})).toThrow(StoreError)
  })

  test('a projection that fails closes it with the fault', async () => {
    const store = await ground.open()
    const failing = {
      ...total,
      reduce: (): Totals => {
        throw new Error('no')
      },
    }
    const { told, subscription } = observed<Totals>(store, failing)
    await told.until(1)
    await store.topic('a').append({ type: 'x', data: 1 })
    const fault = { projection: 'total', version: 1, sequence: 0 }
    await expect(subscription.closed).rejects.toMatchObject({ code: 'invalid-argument', fault })
    expect(() => store.observe({ ...total, version: -1 }, () => {})).toThrow(StoreError)
  })

  test('a state that comes back to what it was within a batch is not told', async () => {
    const store = await ground.open()
    const { told, subscription } = observed(store, {
      ...total,
      reduce: (state: Totals, { data }: StoredEvent) => ({ ...state, sum: state.sum + (data as number) }),
    })
    await told.until(1)
    await store.topic('a').append([1, -1].map((data) => ({ type: 'x', data })))
    await store.topic('a').append({ type: 'x', data: 2 })
    expect((await told.until(2)).map(({ state }) => state.sum)).toEqual([0, 2])
    subscription.close()
  })
})
