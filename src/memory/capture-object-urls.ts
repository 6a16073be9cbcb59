import { storeError } from '../core/fault.js'
import type { Sink } from './capture.js'
import { replaceMethod } from './replace-method.js'
import { madeUpAddresses } from './made-up-addresses.js'

export function captureObjectUrls(sink: Sink): { stop(): void } {
  if (typeof URL.createObjectURL !== 'function') {
    throw storeError('unsupported', 'There are no object URLs here: capture them in a page or a dedicated worker.')
  }
  const nextAddress = madeUpAddresses()
  const open = new Map<string, { ptr: bigint; size: number }>()
  const restoreCreate = replaceMethod(URL, 'createObjectURL', (original, target, args) => {
    const url = Reflect.apply(original, target, args) as string
    const [object] = args
    const own = { ptr: nextAddress(), size: sizeOf(object) }
    open.set(url, own)
    sink('allocate', own.ptr, own.size, { varName: url, typeName: kindOf(object) })
    return url
  })
  const restoreRevoke = replaceMethod(URL, 'revokeObjectURL', (original, target, args) => {
    const result = Reflect.apply(original, target, args)
    const url = String(args[0])
    const own = open.get(url)
    // One made before the capture, or revoked already: it holds nothing that the log knows of.
    if (own === undefined) return result
    open.delete(url)
    sink('deallocate', own.ptr, own.size, { varName: url })
    return result
  })
  return {
    stop() {
      restoreRevoke()
      restoreCreate()
    },
  }
}

/** Of a MediaSource nobody can tell. */
function sizeOf(object: unknown): number {
  return object instanceof Blob ? object.size : 0
}

/** 'Blob', 'File', 'MediaSource'. */
function kindOf(object: unknown): string {
  return Object.prototype.toString.call(object).slice('[object '.length, -1)
}
