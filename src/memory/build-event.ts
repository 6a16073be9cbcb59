import { assertMemoryEvent, asUnsigned64 } from './check.js'
import { nanosecondsOf, nowMs } from './clock.js'
import type { MemoryEvent, MemoryEventType } from './event.js'

/** Immutable: each with… returns a new event. */
export interface MemoryEventBuilder extends MemoryEvent {
  withVarName(varName: string): MemoryEventBuilder
  withTypeName(typeName: string): MemoryEventBuilder
  withCallStackHash(callStackHash: bigint | number): MemoryEventBuilder
  withThreadName(threadName: string): MemoryEventBuilder
  withSource(sourceFile: string, sourceLine: number): MemoryEventBuilder
  withModulePath(modulePath: string): MemoryEventBuilder
  withTaskId(taskId: number): MemoryEventBuilder
  withTimestamp(nanoseconds: bigint): MemoryEventBuilder
}

type Address = bigint | number

/** One constructor per type, stamped with the time of the call. Throws 'invalid-argument'. */
export const memoryEvent = {
  allocate: (ptr: Address, size: number, threadId: number) => stamped('allocate', ptr, size, threadId),
  deallocate: (ptr: Address, size: number, threadId: number) => stamped('deallocate', ptr, size, threadId),
  reallocate: (ptr: Address, oldSize: number, newSize: number, threadId: number) =>
    stamped('reallocate', ptr, newSize, threadId, { oldSize }),
  move: (from: Address, to: Address, size: number, threadId: number) =>
    stamped('move', from, size, threadId, { toPtr: asUnsigned64('toPtr', to) }),
  borrow: (ptr: Address, threadId: number, mutable = false) => stamped('borrow', ptr, 0, threadId, { mutable }),
  return: (ptr: Address, threadId: number) => stamped('return', ptr, 0, threadId),
  metadata: (ptr: Address, size: number, threadId: number) => stamped('metadata', ptr, size, threadId),
  clone: (from: Address, to: Address, size: number, threadId: number) =>
    stamped('clone', from, size, threadId, { toPtr: asUnsigned64('toPtr', to) }),
}

function stamped(
  type: MemoryEventType,
  ptr: Address,
  size: number,
  threadId: number,
  more: Partial<MemoryEvent> = {},
): MemoryEventBuilder {
  return build({ type, timestamp: nanosecondsOf(nowMs()), ptr: asUnsigned64('ptr', ptr), size, threadId, ...more })
}

type Decorators = Omit<MemoryEventBuilder, keyof MemoryEvent>

const decorators: Decorators & ThisType<MemoryEvent> = {
  withVarName(varName) {
    return build({ ...this, varName })
  },
  withTypeName(typeName) {
    return build({ ...this, typeName })
  },
  withCallStackHash(callStackHash) {
    return build({ ...this, callStackHash: asUnsigned64('callStackHash', callStackHash) })
  },
  withThreadName(threadName) {
    return build({ ...this, threadName })
  },
  withSource(sourceFile, sourceLine) {
    return build({ ...this, sourceFile, sourceLine })
  },
  withModulePath(modulePath) {
    return build({ ...this, modulePath })
  },
  withTaskId(taskId) {
    return build({ ...this, taskId })
  },
  withTimestamp(timestamp) {
    return build({ ...this, timestamp })
  },
}

// The decorators are inherited: an event compares, spreads and clones as its fields alone.
function build(fields: MemoryEvent): MemoryEventBuilder {
  assertMemoryEvent(fields)
  const event: Decorators = Object.create(decorators)
  return Object.freeze(Object.assign(event, fields))
}
