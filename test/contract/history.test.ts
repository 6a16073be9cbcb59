import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineProjection, type Change, type Projection, type Store, type StoredEvent } from '../../src/index.js'
import { isSame } from '../../src/fold/diff.js'
import { partAt, type Key } from '../../src/fold/parts.js'
import { describeEachGround } from '../kit/grounds.js'
import { isRealIndexedDb } from '../kit/indexeddb.js'

interface Stock {
  items: Map<string, { count: number }>
  log: string[]
  total?: number
}

const stock = defineProjection<Stock>({
  name: 'stock',
  version: 1,
  initial: () => ({ items: new Map(), log: [] }),
  reduce(state, { type, data }: StoredEvent<string, unknown>) {
    const name = String(data)
    const items = new Map(state.items)
    if (type === 'add') items.set(name, { count: (items.get(name)?.count ?? 0) + 1 })
    if (type === 'drop') items.delete(name)
    return { ...state, items, total: items.size }
  },
})

const inPlace = defineProjection<Stock>({
  ...stock,
  name: 'in place',
  reduce(state, { type, data }: StoredEvent<string, unknown>) {
    const name = String(data)
    const item = state.items.get(name) ?? { count: 0 }
    if (type === 'add') state.items.set(name, Object.assign(item, { count: item.count + 1 }))
    if (type === 'drop') state.items.delete(name)
    state.total = state.items.size
    return state
  },
})

interface Hit {
  event: StoredEvent
  change: Change
}

async function hits(found: AsyncIterable<Hit>): Promise<Hit[]> {
  const all = []
  for await (const hit of found) all.push(hit)
  return all
}

function bruteForce<S>(
  events: readonly StoredEvent[],
  projection: Projection<S>,
  path: Key[],
  before = Infinity,
): Hit[] {
  const found: Hit[] = []
  let state = projection.initial()
  let last = structuredClone(partAt(state, path))
  for (const event of events.filter(({ sequence }) => sequence < before)) {
    state = projection.reduce(state, event)
    const now = structuredClone(partAt(state, path))
    if (!isSame(last, now)) {
      const kind = last === null ? 'added' : now === null ? 'removed' : 'changed'
      const values = { ...(last && { before: last.value }), ...(now && { after: now.value }) }
      found.unshift({ event, change: { path, kind, ...values } })
    }
    last = now
  }
  return found
}

const paths: Key[][] = [[], ['total'], ['items', 'a'], ['items', 'a', 'count'], ['items'], ['log', 0], ['nowhere']]

async function appendAll(store: Store, drafts: readonly { type: string; data: string }[]): Promise<void> {
  for (let from = 0; from < drafts.length; from += 10_000) {
    await store.topic('t').append(drafts.slice(from, from + 10_000))
  }
}

describeEachGround((ground) => {
  describe.each([stock, inPlace])('history of $name', (projection) => {
    test('finds what looking at every event finds', { timeout: 120_000 }, async () => {
      const store = await ground.open()
      const draft = fc.record({ type: fc.constantFrom('add', 'drop', 'look'), data: fc.constantFrom('a', 'b') })
      const property = fc.asyncProperty(fc.array(draft, { maxLength: 40 }), async (drafts) => {
        await appendAll(store, drafts)
        const events = await store.read()
        for (const path of paths) {
          expect(await hits(store.history(projection, path))).toEqual(bruteForce(events, projection, path))
        }
        const before = events[events.length >> 1]?.sequence ?? 0
        const expected = bruteForce(events, projection, ['total'], before)
        expect(await hits(store.history(projection, ['total'], { before }))).toEqual(expected)
        const limited = await hits(store.history(projection, ['total'], { before, limit: 2 }))
        expect(limited).toEqual(expected.slice(0, 2))
        await store.clear()
      })
      await fc.assert(property, { numRuns: isRealIndexedDb ? 10 : 30 })
    })

    test('goes back over checkpoints, to values that changed and changed back', { timeout: 60_000 }, async () => {
      const store = await ground.open()
      const drafts = Array.from({ length: 100_000 }, () => ({ type: 'look', data: '' }))
      for (const [at, type] of [[10, 'add'], [40_000, 'add'], [41_000, 'drop'], [41_001, 'add'], [99_000, 'look']] as const) {
        drafts[at] = { type, data: 'a' }
      } // prettier-ignore
      for (let at = 50_000; at < 53_000; at++) drafts[at] = { type: at % 2 ? 'drop' : 'add', data: 'b' }
      await appendAll(store, drafts)
      const events = await store.read()
      for (const path of [['items', 'a'], ['items', 'a', 'count'], ['total']]) {
        const expected = bruteForce(events, projection, path)
        expect(await hits(store.history(projection, path))).toEqual(expected)
        expect(await hits(store.history(projection, path, { limit: 1 }))).toEqual(expected.slice(0, 1))
        const before = 51_500
        const earlier = await hits(store.history(projection, path, { before, limit: 700 }))
        expect(earlier).toEqual(bruteForce(events, projection, path, before).slice(0, 700))
      }
      expect((await store.project(projection)).replayed).toBeLessThan(45_000)
    })
  })

  test('a path leads where diff() says, also into maps of other keys', async () => {
    const store = await ground.open()
    const byNumber = defineProjection({
      name: 'by number',
      version: 1,
      initial: () => new Map<unknown, number>(),
      reduce: (state, { data }: StoredEvent) => new Map(state).set(data, (state.get(data) ?? 0) + 1),
    })
    await store.topic('t').append([1, 2n, 1, true, 2n, 5].map((data) => ({ type: 'x', data })))
    const positions = async (path: Key[]): Promise<number[]> =>
      (await hits(store.history(byNumber, path))).map(({ event }) => event.position)
    expect(await positions([1])).toEqual([2, 0])
    expect(await positions(['2n'])).toEqual([4, 1])
    expect(await positions(['true'])).toEqual([3])
    expect(await positions(['5'])).toEqual([])
  })

  test('what is left is what history tells of', async () => {
    const store = await ground.open()
    await appendAll(store, ['a', 'a', 'a'].map((data) => ({ type: 'add', data }))) // prettier-ignore
    await store.erase({ from: 1, to: 2 })
    const counts = (await hits(store.history(stock, ['items', 'a', 'count']))).map(({ change }) => change.after)
    expect(counts).toEqual([2, 1])
  })

  test('it ends with its signal, and refuses what makes no sense', async () => {
    const store = await ground.open()
    await appendAll(store, ['a', 'a'].map((data) => ({ type: 'add', data }))) // prettier-ignore
    const controller = new AbortController()
    const found = store.history(stock, ['items', 'a'], { signal: controller.signal })[Symbol.asyncIterator]()
    await found.next()
    controller.abort()
    await expect(found.next()).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' })
    for (const [path, options] of [
      ['items', {}],
      [[null], {}],
      [[], { before: -1 }],
      [[], { limit: 1.5 }],
      [[], null],
    ]) {
      const refused = hits(store.history(stock, path as Key[], options as { limit: number }))
      await expect(refused).rejects.toMatchObject({ code: 'invalid-argument' })
    }
    await store.close()
    await expect(hits(store.history(stock, []))).rejects.toMatchObject({ code: 'closed' })
  })
})
