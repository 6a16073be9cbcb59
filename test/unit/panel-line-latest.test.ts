/** Of what a panel asks over its line, only what it still wants goes on being answered. */
import { expect, onTestFinished, test } from 'vitest'
import { InspectedStore } from '../../extension/inspected-store.js'
import { Line } from '../../extension/line.js'
import { PanelServer } from '../../src/client/serve-panel.js'
import { deferred } from '../../src/core/deferred.js'
import { PIECES_AHEAD, PIECE_SIZE, type StorePort, type ToPanel } from '../../src/protocol/devtools.js'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { fakePanelSource } from '../kit/fake-panel-source.js'
import { portWire } from '../kit/port-wire.js'

/** `tell` hears what the store says, as it says it. */
async function inspected(source: PanelSource, tell: (message: ToPanel) => void = () => {}): Promise<InspectedStore> {
  const { wire, port } = portWire()
  const heard: StorePort = {
    get onmessage() {
      return port.onmessage
    },
    set onmessage(handler) {
      port.onmessage = handler
    },
    postMessage(message, transferables = []) {
      port.postMessage(message, transferables)
      tell(message as ToPanel)
    },
    close: () => port.close(),
  }
  const server = new PanelServer(source, heard)
  const line = new Line(wire)
  const hello = await line.hello()
  const store = new InspectedStore(hello)
  store.attach(line, hello)
  onTestFinished(() => {
    store.close()
    server.close()
  })
  return store
}

test('the newer of two questions wins: the older rejects, and no more of its pieces are sent', async () => {
  const large = 'x'.repeat(3 * PIECES_AHEAD * PIECE_SIZE)
  const source: PanelSource = {
    ...fakePanelSource(),
    state: async (_, at) => (at === 1 ? { state: large, sequence: 1 } : { state: 'small', sequence: 2 }),
  }
  const unwanted = new AbortController()
  const said: { is: string; id: number }[] = []
  let newer: ReturnType<PanelSource['state']> | undefined
  const store = await inspected(source, (message) => {
    if (message.is !== 'piece' && message.is !== 'fault') return
    said.push(message)
    if (newer !== undefined) return
    unwanted.abort()
    newer = store.state('cart', 2)
  })
  await expect(store.state('cart', 1, unwanted.signal)).rejects.toMatchObject({ code: 'aborted' })
  expect(await newer).toEqual({ state: 'small', sequence: 2 })
  // Whatever was still to come of the older one has come before this answer.
  await store.overview()
  const older = said.filter(({ id }) => id === said[0]!.id).map(({ is }) => is)
  expect(older.length).toBeLessThanOrEqual(PIECES_AHEAD + 1)
  expect(older.at(-1)).toBe('fault')
})

test.each(['state', 'changes'] as const)(
  'who asks for %s and gives it up is answered at once, and the store is told',
  async (call) => {
    let signal: AbortSignal | undefined
    const source = fakePanelSource()
    source.state = (_projection, _at, own) => {
      signal = own
      return new Promise(() => {})
    }
    source.changes = (_projection, _path, _before, _limit, own) => {
      signal = own
      return new Promise(() => {})
    }
    const store = await inspected(source)
    const unwanted = new AbortController()
    const asked =
      call === 'state'
        ? store.state('cart', null, unwanted.signal)
        : store.changes('cart', ['a'], null, 1, unwanted.signal)
    const settled = asked.then(String, (error: unknown) => error)
    await expect.poll(() => signal?.aborted).toBe(false)
    unwanted.abort()
    expect(await settled).toMatchObject({ code: 'aborted' })
    await expect.poll(() => signal?.aborted).toBe(true)
  },
)

test('a search that is given up while it is being opened is closed in the store too', async () => {
  const source = fakePanelSource({ events: 10 })
  const { search: open } = source
  const opening = deferred<void>()
  let asked = 0
  source.search = async (filter) => {
    asked++
    await opening.promise
    return open(filter)
  }
  const store = await inspected(source)
  const search = await store.search({ all: [] })
  const progress = search.progress(-1)
  await expect.poll(() => asked).toBe(1)
  search.close()
  await store.overview()
  opening.resolve()
  expect(await progress).toBeNull()
  await expect.poll(() => source.openSearches).toBe(0)
})
