import { instantiateTinyAllocator } from '../../kit/tiny-allocator.js'
import { openStore } from './package.js'
import { costOf } from './record.js'

const { openMemory } = await loadKit('/dist/memory.js')
const store = await openStore('capture')
const bare = instantiateTinyAllocator()
const { exports } = openMemory(store).capture.wasm(/** @type {WebAssembly.Exports} */ (/** @type {unknown} */ (bare)))
const wrapped = /** @type {typeof bare} */ (/** @type {unknown} */ (exports))

/**
 * Main-thread microseconds of one call, the recording of it and the microtask that sends it included: by samples.
 * @param {{ isWrapped: boolean, burst: number, samples: number }} run
 */
export function allocatorCost({ isWrapped, burst, samples }) {
  const { malloc, free } = isWrapped ? wrapped : bare
  let ptr = 0
  const call = (/** @type {number} */ n) => {
    if (n % 2 === 0) ptr = malloc(16)
    else free(ptr)
  }
  return costOf(samples, burst, call, () => store.flush())
}

/**
 * @param {string} path on the server
 * @returns {Promise<typeof import('../../../src/memory.js')>}
 */
function loadKit(path) {
  return import(path)
}
