/**
 * A WebAssembly module with an allocator of its own, by hand: malloc() takes the next bytes of its memory, free() does
 * nothing, realloc() takes new bytes.
 *
 * @returns {{ malloc(size: number): number, free(ptr: number): void, realloc(ptr: number, size: number): number }}
 */
export function instantiateTinyAllocator() {
  const module = new WebAssembly.Module(tinyAllocatorBytes())
  return /** @type {ReturnType<typeof instantiateTinyAllocator>} */ (
    /** @type {unknown} */ (new WebAssembly.Instance(module).exports)
  )
}

export function tinyAllocatorBytes() {
  return Uint8Array.from([...header, ...types, ...rest])
}

const I32 = 0x7f
const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const types = section(1, [
  [0x60, 1, I32, 1, I32],
  [0x60, 1, I32, 0],
  [0x60, 2, I32, I32, 1, I32],
])
const [global, local, getLocal, add, call, end] = [0x23, 0x22, 0x20, 0x6a, 0x10, 0x0b]
const rest = [
  ...section(3, [[0], [1], [2]]), // the functions' types
  ...section(5, [[0, 1]]), // one page of memory
  ...section(6, [[I32, 1, 0x41, 0x80, 0x08, end]]), // what is free begins at 1024
  ...section(7, [exported('malloc', 0), exported('free', 1), exported('realloc', 2)]),
  ...section(10, [
    sized([1, 1, I32, global, 0, local, 1, getLocal, 0, add, 0x24, 0, getLocal, 1, end]),
    sized([0, end]),
    sized([0, getLocal, 1, call, 0, end]),
  ]),
]

/**
 * @param {number} id
 * @param {number[][]} entries
 */
function section(id, entries) {
  return [id, ...sized([entries.length, ...entries.flat()])]
}

/** @param {number[]} bytes */
function sized(bytes) {
  return [bytes.length, ...bytes]
}

/**
 * @param {string} name
 * @param {number} index
 */
function exported(name, index) {
  return [...sized(Array.from(name, (letter) => letter.charCodeAt(0))), 0, index]
}
