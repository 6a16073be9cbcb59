import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import { afterEach, expect, test } from 'vitest'
import { openRecordedSqlite } from '../../panel/start/recorded-sqlite.js'
import { runQueries } from '../../panel/start/run-queries.js'
import { deleteStore, openStore, type Store } from '../../src/index.js'
import { openMemory, type Memory } from '../../src/memory.js'

let store: Store | null = null
let lastStore = 0

async function opened(): Promise<Memory> {
  store = await openStore(`memory-capture-${Date.now()}-${++lastStore}`)
  return openMemory(store)
}

afterEach(async () => {
  await store?.close()
  if (store) await deleteStore(store.name)
  store = null
})

test('the exports of SQLite are wrapped, and what the page allocates with them is recorded', async () => {
  const memory = await opened()
  const { default: load } = await import('@sqlite.org/sqlite-wasm')
  const { wasm } = await load()
  const { exports, stop } = memory.capture.wasm(wasm.exports)
  const { malloc, free, realloc } = exports as Record<string, (...args: number[]) => number>
  const ptr = malloc!(5000)
  const moved = realloc!(ptr, 70_000)
  expect(new Uint8Array(wasm.heap8u().buffer, moved, 70_000)).toHaveLength(70_000)
  expect((await memory.query.top(1))[0]).toMatchObject({ ptr: BigInt(moved), size: 70_000 })
  free!(moved)
  stop()
  expect(await memory.query.summary()).toMatchObject({ active: 0, unmatchedFrees: 0, allocations: 1, reallocations: 1 })
  expect(Object.keys(exports)).toEqual(Object.keys(wasm.exports))
})

test('all that SQLite allocates in real queries is recorded, to the byte, and given back', async () => {
  const memory = await opened()
  const sqlite3 = await openRecordedSqlite(memory.capture)
  const before = accountOf(sqlite3)
  const database = new sqlite3.oo1.DB(':memory:')
  database.exec("create table t (a, b); insert into t values (1, 'one'), (2, 'two')")
  const { current, active } = await memory.query.summary()
  const now = accountOf(sqlite3)
  expect({ count: active, bytes: current }).toEqual({
    count: now.count - before.count,
    bytes: now.bytes - before.bytes,
  })
  expect(active).toBeGreaterThan(20)
  database.close()
  expect(runQueries(sqlite3, 1)).toEqual({ orders: 160, bestSeller: expect.any(String) })
  const summary = await memory.query.summary()
  expect(summary).toMatchObject({ current: 0, active: 0, unmatchedFrees: 0 })
  expect(summary.allocations).toBeGreaterThan(1000)
  expect((await memory.analysis.run()).filter(({ count }) => count > 0)).toEqual([])
})

/** What SQLite itself says that it holds. */
function accountOf({ capi, wasm }: Sqlite3Static): { count: number; bytes: number } {
  const stack = wasm.pstack.pointer
  const [now, highest] = wasm.pstack.allocPtr(2)
  const statusOf = (status: 'SQLITE_STATUS_MALLOC_COUNT' | 'SQLITE_STATUS_MEMORY_USED'): number => {
    capi.sqlite3_status(capi[status], now!, highest!, 0)
    return wasm.peek(now!, 'i32') as number
  }
  const account = { count: statusOf('SQLITE_STATUS_MALLOC_COUNT'), bytes: statusOf('SQLITE_STATUS_MEMORY_USED') }
  wasm.pstack.restore(stack)
  return account
}

test('object URLs and media sources of the page are recorded', async () => {
  const memory = await opened()
  const { stop } = memory.capture.objectUrls()
  const url = URL.createObjectURL(new File(['12345'], 'five.txt'))
  const media = URL.createObjectURL(new MediaSource())
  expect(await (await fetch(url)).text()).toBe('12345')
  expect((await memory.query.top(2)).map(({ size, typeName }) => [size, typeName])).toEqual([
    [5, 'File'],
    [0, 'MediaSource'],
  ])
  URL.revokeObjectURL(url)
  URL.revokeObjectURL(media)
  stop()
  expect(Object.getOwnPropertyNames(URL)).toContain('createObjectURL')
  expect(String(URL.createObjectURL)).toContain('[native code]')
  expect((await memory.query.summary()).active).toBe(0)
})

test('buffers and textures of a real device are recorded', async ({ skip }) => {
  const memory = await opened()
  const device = await realDevice()
  if (typeof device === 'string') return skip(device)
  const { stop } = memory.capture.gpuDevice(device)
  const buffer = device.createBuffer({ size: 256, usage: 8 })
  device.createTexture({ size: [16, 16], format: 'rgba8unorm', usage: 4 })
  expect((await memory.query.summary()).current).toBe(256 + 16 * 16 * 4)
  buffer.destroy()
  expect((await memory.query.summary()).current).toBe(16 * 16 * 4)
  stop()
  device.destroy()
  expect(Object.getOwnPropertyNames(device)).toEqual([])
})

interface RealDevice {
  createBuffer(descriptor: { size: number; usage: number }): { destroy(): void }
  createTexture(descriptor: { size: number[]; format: string; usage: number }): { destroy(): void }
  destroy(): void
}

/** A device, or why there is none. */
async function realDevice(): Promise<RealDevice | string> {
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<{ requestDevice(): Promise<RealDevice> } | null> } })
    .gpu
  if (!gpu) return 'This browser has no WebGPU.'
  const adapter = await gpu.requestAdapter()
  return adapter === null ? 'There is no WebGPU adapter on this machine.' : adapter.requestDevice()
}
