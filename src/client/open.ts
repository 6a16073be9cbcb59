import { aborted } from '../core/fault.js'
import type { StoreOptions } from '../core/options.js'
import type { Store } from '../core/store.js'
import { assertStoreName } from './check.js'
import { assertOptions } from './check-options.js'
import { joinStore, leaveStore } from './join.js'

const handles = new Set<Store>()

/** Opens the store of this name, which all tabs of the origin share. */
export async function openStore(name: string, options: StoreOptions & { signal?: AbortSignal } = {}): Promise<Store> {
  assertStoreName(name)
  await assertOptions(options)
  const { signal, onFault } = options
  if (signal?.aborted) throw aborted(signal)
  const { shared, openHandle } = await joinStore(name, options)
  if (signal?.aborted) {
    leaveStore(name, options)
    throw aborted(signal)
  }
  // Browsers may ask the user or refuse; health() tells what came of it.
  if (options.persist) void navigator.storage?.persist?.().catch(() => {})
  const stopListening = onFault && shared.faults.listen(onFault)
  const store = openHandle(shared, options, () => {
    stopListening?.()
    handles.delete(store)
    leaveStore(name, options)
  })
  handles.add(store)
  return store
}

/** This tab's open handles of a store. */
export function openHandles(name: string): Store[] {
  return [...handles].filter((store) => store.name === name)
}
