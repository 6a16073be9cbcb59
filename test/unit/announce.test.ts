import '../kit/indexeddb.js'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { InspectedStore } from '../../extension/inspected-store.js'
import { Line } from '../../extension/line.js'
import { openStore, type Store, type StoreOptions } from '../../src/index.js'
import { DEVTOOLS, DEVTOOLS_VERSION, type AnnouncedStore, type DevtoolsRegistry } from '../../src/protocol/devtools.js'
import { portWire } from '../kit/port-wire.js'

const scope = globalThis as { [DEVTOOLS]?: DevtoolsRegistry }
const stores: Store[] = []

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  delete scope[DEVTOOLS]
})

async function open(name: string, options: StoreOptions = {}): Promise<Store> {
  const store = await openStore(name, { host: 'inline', storage: 'memory', ...options })
  stores.push(store)
  return store
}

const announced = (): AnnouncedStore[] => [...(scope[DEVTOOLS]?.stores ?? [])]

test('an open store is announced with its name and version, until it is closed', async () => {
  const store = await open('shop')
  await open('audit')
  expect(announced().map(({ name, version, producer }) => [name, version, producer])).toEqual([
    ['shop', DEVTOOLS_VERSION, store.producer],
    ['audit', DEVTOOLS_VERSION, store.producer],
  ])
  await store.close()
  expect(announced().map(({ name }) => name)).toEqual(['audit'])
})

test('a store that does not want to be seen is not', async () => {
  await open('secret', { devtools: false })
  expect(scope[DEVTOOLS]).toBeUndefined()
  await expect(openStore('shop', { devtools: 'no' as never })).rejects.toMatchObject({ code: 'invalid-argument' })
})

test('who looked before there was a library is told of each store that comes and goes', async () => {
  const seen: string[][] = []
  const registry: DevtoolsRegistry = { stores: new Set(), onChange: null }
  registry.onChange = () => seen.push(announced().map(({ name }) => name))
  scope[DEVTOOLS] = registry
  const store = await open('late')
  await store.close()
  expect(seen).toEqual([['late'], []])
})

test('who looked from another frame of the page is told too', async () => {
  const registry = runInNewContext('({ stores: new Set(), onChange: null })') as DevtoolsRegistry
  scope[DEVTOOLS] = registry
  await open('shop')
  expect(scope[DEVTOOLS]).toBe(registry)
  expect(announced().map(({ name }) => name)).toEqual(['shop'])
})

test('something else of that name in the page is replaced, and breaks nothing', async () => {
  Object.assign(scope, { [DEVTOOLS]: 'mine' })
  await open('shop')
  expect(announced().map(({ name }) => name)).toEqual(['shop'])
})

test('a panel in another page reads the store, and folds what the app has folded', async () => {
  const store = await open('shop')
  await store.topic('cart').append({ type: 'added', data: { n: 1 } })
  await store.project({ name: 'count', version: 1, initial: () => 0, reduce: (count) => count + 1 })
  const { wire, port } = portWire()
  announced()[0]!.serve(port)
  const line = new Line(wire)
  const hello = await line.hello()
  const inspected = new InspectedStore(hello)
  inspected.attach(line, hello)
  expect(inspected.projections).toEqual(['count', 'last event of each type'])
  expect(await inspected.state('count', null)).toEqual({ state: 1, sequence: 0 })
  line.close()
})
