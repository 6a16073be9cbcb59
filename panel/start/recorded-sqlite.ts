import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import type { MemoryCapture } from '../../src/memory.js'

type Allocator = Record<'malloc' | 'free' | 'realloc', (...args: number[]) => number>

/** Where SQLite's `struct sqlite3_mem_methods` has the functions, which are indices into the module's table. */
const METHODS = ['malloc', 'free', 'realloc'] as const
const STRUCT_BYTES = 32

/**
 * SQLite with every allocation of its own recorded. Calls within the module pass no export, so SQLite is told to take its
 * memory through an allocator that leads out to the capture and back in.
 */
export async function openRecordedSqlite(capture: Pick<MemoryCapture, 'wasm'>): Promise<Sqlite3Static> {
  const { default: load } = await import('@sqlite.org/sqlite-wasm')
  const sqlite3 = await load()
  const { capi, wasm } = sqlite3
  const configure = wasm.exports['sqlite3__wasm_config_i'] as (option: number, value: number) => number
  const methods = wasm.alloc(STRUCT_BYTES)
  const slot = (at: number) => methods / 4 + at
  capi.sqlite3_shutdown()
  assertDone(configure(capi.SQLITE_CONFIG_GETMALLOC, methods))
  const own = METHODS.map((name, at) => [name, wasm.functionTable().get(wasm.heap32u()[slot(at)]!)])
  const { exports } = capture.wasm(Object.fromEntries(own), { baseAddress: spaceOfItsOwn() })
  const { malloc, free, realloc } = exports as Allocator
  const installed = [
    wasm.installFunction('i(i)', (bytes: number) => malloc(bytes)),
    wasm.installFunction('v(i)', (ptr: number) => void free(ptr)),
    wasm.installFunction('i(ii)', (ptr: number, bytes: number) => realloc(ptr, bytes)),
  ]
  installed.forEach((pointer, at) => (wasm.heap32u()[slot(at)] = pointer))
  assertDone(configure(capi.SQLITE_CONFIG_MALLOC, methods))
  return sqlite3
}

function assertDone(code: number): void {
  if (code !== 0) throw new Error(`SQLite refused its allocator (${code}).`)
}

/** Tabs write into one topic, and the memory of each begins at address 0. */
function spaceOfItsOwn(): number {
  const [chance = 0] = crypto.getRandomValues(new Uint32Array(1))
  return (chance >>> 12) * 2 ** 32
}
