import fc from 'fast-check'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { InspectedStore } from '../../extension/inspected-store.js'
import { Line, LineLost } from '../../extension/line.js'
import { PanelServer } from '../../src/client/serve-panel.js'
import { storeError } from '../../src/core/fault.js'
import { asToPanel, asToStore, PIECES_AHEAD, PIECE_SIZE, type ToStore } from '../../src/protocol/devtools.js'
import { PANEL_CALLS } from '../../src/protocol/panel-calls.js'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { fakePanelSource, type FakeOptions } from '../kit/fake-panel-source.js'
import { portWire, type Carriage } from '../kit/port-wire.js'

const open: { close(): void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

function connect(source: PanelSource, carriage?: Carriage): { line: Line; end(): void } {
  const { wire, port, end } = portWire(carriage)
  const line = new Line(wire)
  open.push(line, new PanelServer(source, port))
  return { line, end }
}

async function inspected(options: FakeOptions = {}): Promise<{
  store: InspectedStore
  source: ReturnType<typeof fakePanelSource>
  end(): void
  again(): Promise<void>
}> {
  const source = fakePanelSource(options)
  const first = connect(source)
  const hello = await first.line.hello()
  const store = new InspectedStore(hello)
  store.attach(first.line, hello)
  const again = async (): Promise<void> => {
    const { line } = connect(source)
    store.attach(line, await line.hello())
  }
  return { store, source, end: first.end, again }
}

/** A port that hears what the panel says, and answers by itself. */
async function scripted(carriage?: Carriage): Promise<{ line: Line; port: MessagePort; heard: ToStore[] }> {
  const { wire, port } = portWire(carriage)
  const heard: ToStore[] = []
  port.onmessage = ({ data }) => heard.push(data as ToStore)
  const line = new Line(wire)
  open.push(line, port)
  return { line, port, heard }
}

const settled = async (heard: readonly unknown[], count: number): Promise<void> => {
  await expect.poll(() => heard.length).toBeGreaterThanOrEqual(count)
}

test.each<Carriage>(['structured clone', 'JSON'])('a file comes whole by %s', async (carriage) => {
  const bytes = new Uint8Array(3 * PIECE_SIZE + 5).map((_, at) => at % 251)
  const source = { ...fakePanelSource(), export: async () => new Blob([bytes]) }
  const { line } = connect(source, carriage)
  await line.hello()
  const pieces = await line.export({ filter: { all: [] }, before: null, format: 'json' })
  const got = new Uint8Array(await new Blob(pieces).arrayBuffer())
  expect(pieces.length).toBe(4)
  expect(Buffer.compare(got, bytes)).toBe(0)
})

test.each<Carriage>(['structured clone', 'JSON'])(
  'a large value comes whole by %s, no character cut',
  async (carriage) => {
    const state = { text: `a${'🜂'.repeat(PIECE_SIZE)}`, big: 2n ** 70n, at: new Date(0), map: new Map([[1, NaN]]) }
    const { line } = connect({ ...fakePanelSource(), state: async () => ({ state, sequence: 3 }) }, carriage)
    await line.hello()
    expect(await line.ask('state', ['any', null])).toEqual({ state, sequence: 3 })
    expect(line.figures.read().bytes).toBeGreaterThan(2 * PIECE_SIZE)
  },
)

test('no more pieces are sent than the panel has taken, and those ahead', async () => {
  const { port1: panel, port2: port } = new MessageChannel()
  const export_ = async (): Promise<Blob> => new Blob([new Uint8Array(20 * PIECE_SIZE)])
  open.push(panel, new PanelServer({ ...fakePanelSource(), export: export_ }, port))
  const got: unknown[] = []
  panel.onmessage = ({ data }) => got.push(data)
  const ask = { is: 'ask', id: 1, call: 'export', args: '[{"filter":{"all":[]},"before":null,"format":"json"}]' }
  panel.postMessage(ask)
  await settled(got, PIECES_AHEAD)
  panel.postMessage({ is: 'ask', id: 2, call: 'ping', args: '[]' })
  await settled(got, PIECES_AHEAD + 1)
  expect(got.length).toBe(PIECES_AHEAD + 1)
  panel.postMessage({ is: 'more', id: 1 })
  await settled(got, PIECES_AHEAD + 2)
  panel.postMessage({ is: 'cancel', id: 1 })
  await settled(got, PIECES_AHEAD + 3)
  expect(got.at(-1)).toMatchObject({ is: 'fault', id: 1 })
})

test('a cancelled export rejects at once and is cancelled at the store', async () => {
  let signal: AbortSignal | undefined
  const export_: PanelSource['export'] = (_what, follow) => {
    signal = follow?.signal
    return new Promise(() => {})
  }
  const { line } = connect({ ...fakePanelSource(), export: export_ })
  await line.hello()
  const controller = new AbortController()
  const follow = { onProgress() {}, signal: controller.signal }
  const exporting = line.export({ filter: { all: [] }, before: null, format: 'json' }, follow)
  await expect.poll(() => signal).toBeDefined()
  controller.abort()
  await expect(exporting).rejects.toMatchObject({ code: 'aborted' })
  await expect.poll(() => signal?.aborted).toBe(true)
})

test('faults keep their code and details', async () => {
  const fault = storeError('quota-exceeded', 'Free some space.', { bytes: 12 })
  const { line } = connect({ ...fakePanelSource(), compact: () => Promise.reject(fault) })
  await line.hello()
  await expect(line.ask('compact', [])).rejects.toMatchObject({ fault: { code: 'quota-exceeded', bytes: 12 } })
})

test('questions whose line ends are asked again on the next; a search goes on as a new generation', async () => {
  const { store, source, end, again } = await inspected({ events: 10 })
  const search = await store.search({ all: [] })
  const first = await search.progress(-1)
  let progress = first
  while (progress?.done !== true) progress = await search.progress(progress?.revision ?? -1)
  const waiting = search.progress(progress.revision)
  end()
  const overview = store.overview()
  source.grow(5)
  await again()
  progress = await waiting
  expect(progress?.generation).toBeGreaterThan(first!.generation)
  expect((await overview).events).toBe(15)
  while (progress?.done !== true) progress = await search.progress(progress?.revision ?? -1)
  expect((await search.rows(13, 5)).map(({ sequence }) => sequence)).toEqual([13, 14])
})

test('a command whose line ends is not given twice, and says that it may be done', async () => {
  let cleared = 0
  const source: PanelSource = {
    ...fakePanelSource(),
    clear() {
      cleared++
      return new Promise(() => {})
    },
  }
  const { line, end } = connect(source)
  const hello = await line.hello()
  const store = new InspectedStore(hello)
  store.attach(line, hello)
  const clearing = store.clear()
  await expect.poll(() => cleared).toBe(1)
  end()
  await expect(clearing).rejects.toMatchObject({ code: 'outcome-unknown' })
  const next = connect(source)
  store.attach(next.line, await next.line.hello())
  await store.overview()
  expect(cleared).toBe(1)
})

test('a file is imported over the line', async () => {
  let got = ''
  const source = fakePanelSource()
  const { line } = connect({
    ...source,
    async import(file) {
      got = await file.text()
      return { topics: 1, events: 2, skipped: 0 }
    },
  })
  const hello = await line.hello()
  const store = new InspectedStore(hello)
  store.attach(line, hello)
  const text = 'x'.repeat(2 * PIECE_SIZE + 1)
  expect(await store.import(new Blob([text]))).toEqual({ topics: 1, events: 2, skipped: 0 })
  expect(got).toBe(text)
})

test('a store that says nothing is given up after five seconds', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { line } = await scripted()
  const hello = line.hello().catch(String)
  await vi.advanceTimersByTimeAsync(5000)
  expect(await hello).toContain('the page did not answer')
  await line.lost
})

test('every question settles when the line ends', async () => {
  const { line, end } = connect({ ...fakePanelSource(), overview: () => new Promise(() => {}) })
  await line.hello()
  const asked = [
    line.ask('overview', []),
    line.ping(),
    line.export({ filter: { all: [] }, before: null, format: 'json' }),
  ]
  const all = Promise.allSettled(asked)
  end()
  expect((await all).map(({ status }) => status)).toContain('rejected')
  await expect(line.ask('overview', [])).rejects.toBeInstanceOf(LineLost)
})

test('an answer of another shape is refused, by whichever call', async () => {
  const { line, port, heard } = await scripted()
  for (const call of Object.keys(PANEL_CALLS).filter((name) => name !== 'export' && name !== 'upload')) {
    const asked = line.ask(call as 'overview', [])
    await settled(heard, 1)
    const { id } = heard.pop() as ToStore & { is: 'ask' }
    port.postMessage({ is: 'piece', id, piece: '{"__proto__":{"events":1},"matches":"<b>many</b>"}', isLast: true })
    await expect(asked, call).rejects.toMatchObject({ code: 'incompatible' })
  }
})

test('whatever a page posts, the panel neither throws nor answers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage('piece', 'fault', 'progress', 'hello', 'refused')), async (messages) => {
      const { line, port } = await scripted()
      const asked = line.ask('overview', []).catch((error: unknown) => error)
      for (const message of messages) port.postMessage(message)
      line.close()
      expect(await asked).toBeInstanceOf(Error)
    }),
    { numRuns: 100 },
  )
})

test('whatever a panel posts, the store still answers what it understands', async () => {
  const { port1: panel, port2: port } = new MessageChannel()
  open.push(panel, new PanelServer(fakePanelSource(), port))
  const got: unknown[] = []
  panel.onmessage = ({ data }) => got.push(data)
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage('ask', 'more', 'cancel', 'hello')), fc.nat(), async (messages, at) => {
      for (const message of messages) panel.postMessage(message)
      const id = 1_000_000 + at
      got.length = 0
      panel.postMessage({ is: 'ask', id, call: 'ping', args: '[]' })
      await expect.poll(() => got).toContainEqual({ is: 'piece', id, piece: 'null', isLast: true })
    }),
    { numRuns: 100 },
  )
})

test('guards let nothing through that has not every part', () => {
  fc.assert(
    fc.property(anyMessage('ask', 'piece', 'hello', 'fault'), (message) => {
      const toStore = asToStore(message)
      const isWhole = toStore?.is !== 'ask' || (typeof toStore.call === 'string' && typeof toStore.args === 'string')
      const toPanel = asToPanel(message)
      const isShort = toPanel?.is !== 'piece' || toPanel.piece.length <= 2 * PIECE_SIZE
      return isWhole && isShort
    }),
  )
  expect(asToPanel({ is: 'piece', id: 1, piece: 'x'.repeat(2 * PIECE_SIZE + 1), isLast: true })).toBeNull()
})

/** Something like a message, and often one. */
function anyMessage(...kinds: string[]): fc.Arbitrary<unknown> {
  const calls = fc.constantFrom(...Object.keys(PANEL_CALLS).filter((name) => name !== 'clear'), '__proto__', 'toString')
  return fc.oneof(
    fc.anything({ withMap: true, withSet: true, withTypedArray: true }).filter(isCloneable),
    fc.record(
      {
        is: fc.constantFrom(...kinds),
        id: fc.oneof(fc.nat(5), fc.double(), fc.string()),
        call: calls,
        args: fc.oneof(fc.json(), fc.string()),
        piece: fc.oneof(fc.json(), fc.string(), fc.uint8Array()),
        isLast: fc.boolean(),
        fault: fc.oneof(fc.json(), fc.string()),
        version: fc.oneof(fc.nat(), fc.string()),
        store: fc.string(),
        producer: fc.option(fc.string()),
        readOnly: fc.boolean(),
        projections: fc.array(fc.oneof(fc.string(), fc.nat())),
        probe: fc.oneof(fc.uint8Array(), fc.object()),
        done: fc.double(),
        total: fc.double(),
        bytes: fc.double(),
      },
      { requiredKeys: ['is', 'id'] },
    ),
  )
}

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
