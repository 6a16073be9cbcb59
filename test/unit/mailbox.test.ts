import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { InspectedStore } from '../../extension/inspected-store.js'
import { Line } from '../../extension/line.js'
import { Mail } from '../../extension/mail.js'
import { MAILBOX, type Exchanged, type Mailbox, type Posted } from '../../extension/mailbox-entries.js'
import type { FromFrame } from '../../extension/messages.js'
import { PanelServer } from '../../src/client/serve-panel.js'
import {
  DEVTOOLS,
  DEVTOOLS_VERSION,
  PIECE_SIZE,
  type AnnouncedStore,
  type StorePort,
  type ToStore,
} from '../../src/protocol/devtools.js'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { fakePanelSource } from '../kit/fake-panel-source.js'

type Page = { [MAILBOX]?: Mailbox; [DEVTOOLS]?: { stores: Set<AnnouncedStore>; onChange: (() => void) | null } }
const page = globalThis as Page
const servers: PanelServer[] = []
let mail: Mail
const frames: { src: string }[] = []
let state = { isSamePage: true, exchanges: 0 }

beforeEach(async () => {
  const window = Object.assign(new EventTarget(), {
    length: 0,
    closed: false,
    document: Object.assign(new EventTarget(), { querySelectorAll: () => frames }),
    location: new URL('https://app.test/shop'),
  })
  // The page's window is its global scope.
  Object.defineProperty(window, DEVTOOLS, {
    get: () => page[DEVTOOLS],
    set: (value) => {
      page[DEVTOOLS] = value
    },
  })
  vi.stubGlobal('window', window)
  vi.resetModules()
  await import('../../extension/mailbox.js')
  const box = page[MAILBOX]!
  const own = (state = { isSamePage: true, exchanges: 0 })
  mail = new Mail(
    async (posted) => {
      own.exchanges++
      const carried: unknown = JSON.parse(JSON.stringify(posted))
      return own.isSamePage ? JSON.parse(box.exchange('first', carried as typeof posted)) : null
    },
    () => {},
  )
})

afterEach(() => {
  state.isSamePage = false
  for (const server of servers.splice(0)) server.close()
  delete page[MAILBOX]
  delete page[DEVTOOLS]
  vi.unstubAllGlobals()
})

function announce(source: PanelSource): void {
  const { stores, onChange } = page[DEVTOOLS]!
  stores.add({
    version: DEVTOOLS_VERSION,
    name: source.store,
    producer: 'p1',
    serve: (port) => void servers.push(new PanelServer(source, port)),
  })
  onChange?.()
}

async function frameLine(): Promise<{ heard: FromFrame[]; close(): void }> {
  const heard: FromFrame[] = []
  const wire = mail.open({ to: 'open-frame', frame: 0 })
  wire.listen(
    (message) => heard.push(message as FromFrame),
    () => heard.push({ is: 'leaving', cached: false }),
  )
  await expect.poll(() => heard.length).toBeGreaterThan(1)
  return { heard, close: () => wire.close() }
}

test('a frame tells what is in it, and each store that opens later', async () => {
  const { heard } = await frameLine()
  expect(heard[0]).toEqual({ is: 'frame', origin: 'https://app.test', path: '/shop' })
  expect(heard[1]).toEqual({ is: 'stores', stores: [] })
  announce(fakePanelSource())
  await expect.poll(() => heard.at(-1)).toMatchObject({ stores: [{ name: 'shop', id: 1 }] })
})

test('a frame tells which origins are in it, and again when a frame is loaded', async () => {
  const { heard } = await frameLine()
  expect(heard[2]).toEqual({ is: 'inside', origins: [] })
  frames.push({ src: 'https://other.test/pay' }, { src: 'about:blank' }, { src: '' })
  const loaded = Object.assign(new Event('load'), {})
  Object.defineProperty(loaded, 'target', { value: { tagName: 'IFRAME' } })
  window.document.dispatchEvent(loaded)
  await expect.poll(() => heard.at(-1)).toEqual({ is: 'inside', origins: ['https://other.test', 'null'] })
  frames.length = 0
})

test('answers come in the order they were given, though two exchanges are on their way', async () => {
  const { heard } = await frameLine()
  const { stores, onChange } = page[DEVTOOLS]!
  for (let at = 0; at < 30; at++) {
    stores.add({ version: DEVTOOLS_VERSION, name: `s${at}`, producer: 'p1', serve() {} })
    onChange?.()
    if (at % 7 === 0) await new Promise((resolve) => setTimeout(resolve))
  }
  const counts = (): number[] => heard.flatMap((one) => (one.is === 'stores' ? [one.stores.length] : []))
  await expect.poll(() => counts().at(-1)).toBe(30)
  expect(counts()).toEqual(counts().toSorted((a, b) => a - b))
})

test('another panel ends what the one before it has left open, and hears nothing of it', () => {
  const box = page[MAILBOX]!
  const exchange = (reader: string, posted: Posted[]): Exchanged =>
    JSON.parse(box.exchange(reader, posted)) as Exchanged
  expect(exchange('before', [{ line: 1, to: 'open-frame', frame: 0 }]).said).toHaveLength(3)
  announce(fakePanelSource())
  expect(exchange('after', [])).toEqual({ frames: [0], said: [], ended: [] })
  announce(fakePanelSource({ store: 'other' }))
  expect(exchange('after', []).said).toEqual([])
})

test('lines that nobody comes for end after a minute, and whoever comes then is told', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const box = page[MAILBOX]!
  const open: Posted[] = [{ line: 1, to: 'open-frame', frame: 0 }]
  box.exchange('one', open)
  vi.advanceTimersByTime(59_000)
  expect(JSON.parse(box.exchange('one', []))).toMatchObject({ ended: [] })
  vi.advanceTimersByTime(60_000)
  expect(JSON.parse(box.exchange('one', []))).toEqual({ frames: [0], said: [], ended: [1] })
})

test('a store answers through the mailbox, large values too', async () => {
  await frameLine()
  const text = 'x'.repeat(9 * PIECE_SIZE)
  announce({ ...fakePanelSource({ events: 5 }), state: async () => ({ state: text, sequence: 4 }) })
  const line = new Line(mail.open({ to: 'open-store', frame: 0, store: 1 }))
  const hello = await line.hello()
  const store = new InspectedStore(hello)
  store.attach(line, hello)
  expect((await store.overview()).events).toBe(5)
  expect((await store.state('any', null)).state).toBe(text)
})

test('what a store says at once is in the very exchange that asked it', async () => {
  await frameLine()
  announce(fakePanelSource())
  const exchange = (...posted: Posted[]): Exchanged => JSON.parse(page[MAILBOX]!.exchange('first', posted)) as Exchanged
  const { said } = exchange(
    { line: 70, to: 'open-store', frame: 0, store: 1 },
    { line: 70, to: 'say', message: { is: 'hello', version: DEVTOOLS_VERSION, probe: null } satisfies ToStore },
  )
  expect(said.filter(({ line }) => line === 70)).toMatchObject([{ message: { is: 'hello', store: 'shop' } }])
})

test('a store whose code throws ends no exchange, and is reported in its own page', async () => {
  const reported = vi.fn<(error: unknown) => void>()
  vi.stubGlobal('reportError', reported)
  await frameLine()
  const serve = (port: StorePort): void => {
    port.onmessage = () => {
      throw new Error('mine')
    }
  }
  page[DEVTOOLS]!.stores.add({ version: DEVTOOLS_VERSION, name: 'bad', producer: 'p1', serve })
  page[DEVTOOLS]!.onChange?.()
  const said = page[MAILBOX]!.exchange('first', [
    { line: 70, to: 'open-store', frame: 0, store: 1 },
    { line: 70, to: 'say', message: { is: 'hello', version: DEVTOOLS_VERSION, probe: null } satisfies ToStore },
  ])
  expect(JSON.parse(said)).toMatchObject({ frames: [0], ended: [] })
  expect(reported).toHaveBeenCalledExactlyOnceWith(new Error('mine'))
})

test('once the page is another one, every wire is told', async () => {
  const { heard } = await frameLine()
  announce(fakePanelSource())
  const line = new Line(mail.open({ to: 'open-store', frame: 0, store: 1 }))
  await line.hello()
  state.isSamePage = false
  await line.lost
  expect(heard.at(-1)).toEqual({ is: 'leaving', cached: false })
  expect(mail.isOver).toBe(true)
})

test('nothing is come for once nobody listens', async () => {
  const { close } = await frameLine()
  close()
  await expect.poll(() => mail.isIdle).toBe(true)
  const before = state.exchanges
  announce(fakePanelSource())
  await new Promise((resolve) => setTimeout(resolve))
  expect(state.exchanges).toBe(before)
})

test('a store that is not there any more ends its wire', async () => {
  await frameLine()
  const line = new Line(mail.open({ to: 'open-store', frame: 0, store: 7 }))
  await expect(line.hello()).rejects.toThrow('did not answer')
})
