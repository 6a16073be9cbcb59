import { invalidArgument } from '../core/fault.js'
import type { Sink } from './capture.js'
import { asUnsigned64 } from './check.js'
import { narrow } from './stored-event.js'

export interface AllocatorNames {
  /** Default 'malloc'. */
  malloc?: string
  /** Default 'free'. */
  free?: string
  /** Default 'realloc', where there is one. */
  realloc?: string
  /** Added to every address: modules and tabs in one topic need spaces of their own. Default 0. */
  baseAddress?: bigint | number
}

type Exported = (...args: unknown[]) => unknown

export function captureWasm(
  sink: Sink,
  exports: WebAssembly.Exports,
  { malloc = 'malloc', free = 'free', realloc, baseAddress = 0 }: AllocatorNames = {},
): { exports: WebAssembly.Exports; stop(): void } {
  if (typeof exports !== 'object' || exports === null)
    throw invalidArgument('exports', 'the exports of a module', exports)
  const exported = (field: string, name: string): Exported => {
    const own: unknown = Object.hasOwn(exports, name) ? exports[name] : undefined
    if (typeof own === 'function') return own as Exported
    throw invalidArgument(field, 'the name of an exported function', name)
  }
  const place = placeFrom(asUnsigned64('baseAddress', baseAddress))
  const sizes = new Map<number | bigint, number>()
  let stopped = false

  const allocated = (ptr: number | bigint, size: number): void => {
    sizes.set(ptr, size)
    sink('allocate', ptr, size)
  }
  const freed = (ptr: number | bigint): void => {
    sink('deallocate', ptr, sizes.get(ptr) ?? 0)
    sizes.delete(ptr)
  }
  const resized = (from: number | bigint, to: number | bigint, size: number): void => {
    sink('reallocate', from, size, { oldSize: sizes.get(from) ?? 0 })
    if (from !== to) sink('move', from, size, { toPtr: to })
    sizes.delete(from)
    sizes.set(to, size)
  }

  const wrapped: Record<string, Exported> = {}
  const originalMalloc = exported('malloc', malloc)
  const originalFree = exported('free', free)
  wrapped[malloc] = (...args) => {
    const ptr = originalMalloc(...args)
    if (!stopped && !isNull(ptr)) allocated(place(ptr), bytesOf(args[0]))
    return ptr
  }
  wrapped[free] = (...args) => {
    // Told before it is done: freeing may end in a trap, which is when the log is of most use.
    if (!stopped && !isNull(args[0])) freed(place(args[0]))
    return originalFree(...args)
  }
  if (realloc !== undefined || Object.hasOwn(exports, 'realloc')) {
    const name = realloc ?? 'realloc'
    const originalRealloc = exported('realloc', name)
    wrapped[name] = (...args) => {
      const ptr = originalRealloc(...args)
      if (stopped) return ptr
      const [from, size] = [args[0], bytesOf(args[1])]
      if (isNull(ptr)) {
        // Without memory to give the old block stays; asked for nothing it is freed.
        if (!isNull(from) && size === 0) freed(place(from))
      } else if (isNull(from)) allocated(place(ptr), size)
      else resized(place(from), place(ptr), size)
      return ptr
    }
  }
  return {
    exports: Object.assign(Object.create(null) as WebAssembly.Exports, exports, wrapped),
    stop() {
      stopped = true
    },
  }
}

// WebAssembly knows no sign: an address from 2 GiB on comes out negative. It is a bigint where memory has 64 bits.
function placeFrom(base: bigint): (ptr: unknown) => number | bigint {
  const isSmall = base <= BigInt(Number.MAX_SAFE_INTEGER) - 2n ** 32n
  const smallBase = Number(base)
  return (ptr) => {
    if (isSmall && typeof ptr === 'number') return smallBase + (ptr >>> 0)
    return narrow(
      BigInt.asUintN(64, base + (typeof ptr === 'bigint' ? BigInt.asUintN(64, ptr) : BigInt(Number(ptr) >>> 0))),
    )
  }
}

function bytesOf(size: unknown): number {
  return typeof size === 'bigint' ? Number(BigInt.asUintN(64, size)) : Number(size) >>> 0
}

function isNull(ptr: unknown): boolean {
  return ptr === 0 || ptr === 0n || ptr === undefined
}
