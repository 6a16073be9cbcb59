import { StoreError } from '../core/fault.js'
import type { Store } from '../core/store.js'
import { nowMs } from './clock.js'
import type { MemoryEventType } from './event.js'
import { captureGpuDevice } from './capture-gpu.js'
import { captureObjectUrls } from './capture-object-urls.js'
import { captureWasm, type AllocatorNames } from './capture-wasm.js'
import type { StoredMemoryData } from './stored-event.js'

/** Records real allocations of this page as they happen, until stopped. What is captured never makes the captured fail. */
export interface MemoryCapture {
  /**
   * Wraps a WebAssembly module's allocator; call the module through the exports that come back, which are a new object: the
   * module's own cannot be changed. What the module allocates from inside itself calls no export and is not seen, unless
   * its allocator is one that it imports. After stop() the wrapped exports do what the module's own do.
   */
  wasm(exports: WebAssembly.Exports, names?: AllocatorNames): { exports: WebAssembly.Exports; stop(): void }
  /** Object URLs made and revoked by this realm from now on: each holds a blob in memory, of the blob's size. Their addresses are made up. */
  objectUrls(): { stop(): void }
  /** Buffers and textures of a WebGPU device, until they are destroyed, collected or lost with it. Their addresses are made up. */
  gpuDevice(device: unknown): { stop(): void }
}

type Captured = Omit<StoredMemoryData, 'ptr' | 'size' | 'threadId' | 'ns'>

/** Takes what was captured; the time is now. Never throws. */
export type Sink = (type: MemoryEventType, ptr: number | bigint, size: number, more?: Captured) => void

export function createCapture(
  { producer }: Pick<Store, 'producer'>,
  record: (type: MemoryEventType, data: StoredMemoryData, time: number) => void,
): MemoryCapture {
  // A tab is a thread: the number by which the rest of the log knows it, shortened.
  const threadId = Number.parseInt(producer.slice(0, 6), 16)
  const threadName = `tab ${producer.slice(0, 6)}`
  const createSink = (): Sink => {
    let isNamed = false
    return (type, ptr, size, more) => {
      const data: StoredMemoryData = { ptr, size, threadId, ...more }
      if (!isNamed) data.threadName = threadName
      isNamed = true
      try {
        record(type, data, nowMs())
      } catch (error) {
        // Once the store is closed there is nobody left to tell; what is captured goes on all the same.
        if (!(error instanceof StoreError && error.code === 'closed')) globalThis.reportError?.(error)
      }
    }
  }
  return {
    wasm: (exports, names) => captureWasm(createSink(), exports, names),
    objectUrls: () => captureObjectUrls(createSink()),
    gpuDevice: (device) => captureGpuDevice(createSink(), device),
  }
}
