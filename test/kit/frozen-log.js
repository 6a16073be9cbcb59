/**
 * A stored log as JSON, byte for byte: for fixtures that must open for ever.
 * Bytes are in base64, and what JSON has no word for is named by a key that begins with '$'.
 */

/** @typedef {[key: IDBValidKey, value: unknown]} Row */

/**
 * @typedef {object} FrozenLog
 * @property {Record<string, Row[]>} log its database, by store
 * @property {Record<string, Row[]>} journal its tabs' journal
 * @property {unknown[]} events what it reads as, in store order
 * @property {unknown[]} topics
 * @property {Record<string, number | null>} [counters] all there ever was of each; absent where nothing was counted
 */

/** @import { Store } from '../../src/index.js' */

/** @param {Pick<Store, 'counters'>} store */
export async function countersOf({ counters }) {
  const ids = (await counters.ids()).sort()
  return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await counters.query(id).ever().sum()])))
}

const VIEWS = { Float64Array, Uint32Array, Uint16Array, Uint8Array }

/**
 * @param {unknown} value
 * @returns {unknown}
 */
export function freeze(value) {
  if (value instanceof ArrayBuffer) return { $buffer: base64(new Uint8Array(value)) }
  if (ArrayBuffer.isView(value)) {
    return {
      $view: value.constructor.name,
      bytes: base64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
    }
  }
  if (value instanceof Map) return { $map: [...value].map(freeze) }
  if (Array.isArray(value)) return value.map(freeze)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, freeze(own)]))
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
export function thaw(value) {
  if (Array.isArray(value)) return value.map(thaw)
  if (typeof value !== 'object' || value === null) return value
  const { $buffer, $view, $map, bytes } = /** @type {Record<string, any>} */ (value)
  if ($buffer !== undefined) return bytesOf($buffer).buffer
  if ($view !== undefined) return new VIEWS[/** @type {keyof typeof VIEWS} */ ($view)](bytesOf(bytes).buffer)
  if ($map !== undefined) return new Map(/** @type {[unknown, unknown][]} */ (thaw($map)))
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, thaw(own)]))
}

/**
 * A value in words that JSON holds, each kind apart from all others. Not how the library writes them: a second opinion.
 * @param {unknown} value
 * @returns {unknown}
 */
export function described(value) {
  if (value === undefined) return 'undefined'
  if (typeof value === 'bigint') return `bigint ${value}`
  if (typeof value === 'number' && !Number.isFinite(value)) return `number ${value}`
  if (typeof value === 'string') return `'${value}'`
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return `Date ${value.getTime()}`
  if (value instanceof RegExp) return `RegExp ${value}`
  if (value instanceof Error) return `${value.name} ${value.message}`
  if (value instanceof Map) return { Map: [...value].map(described) }
  if (value instanceof Set) return { Set: [...value].map(described) }
  if (ArrayBuffer.isView(value)) return { [value.constructor.name]: [.../** @type {Uint8Array} */ (value)] }
  if (Array.isArray(value)) return value.map(described)
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, described(own)]))
}

/**
 * Everything in a database.
 * @param {string} name
 * @returns {Promise<Record<string, Row[]>>}
 */
export async function dump(name) {
  const database = await opened(indexedDB.open(name))
  const stores = [...database.objectStoreNames]
  const tx = database.transaction(stores)
  /** @type {Record<string, Row[]>} */
  const all = {}
  for (const store of stores) {
    const [keys, values] = await Promise.all([
      opened(tx.objectStore(store).getAllKeys()),
      opened(tx.objectStore(store).getAll()),
    ])
    all[store] = keys.map((key, at) => [key, freeze(values[at])])
  }
  database.close()
  return all
}

/**
 * Makes the database as it was.
 * @param {string} name
 * @param {Record<string, Row[]>} all
 */
export async function restore(name, all) {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    for (const store of Object.keys(all)) request.result.createObjectStore(store)
  }
  const database = await opened(request)
  const tx = database.transaction(Object.keys(all), 'readwrite')
  for (const [store, rows] of Object.entries(all)) {
    for (const [key, value] of rows) tx.objectStore(store).put(thaw(value), key)
  }
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve
    tx.onabort = () => reject(new Error('It could not be written', { cause: tx.error }))
  })
  database.close()
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function opened(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error('It could not be read', { cause: request.error }))
  })
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** @param {string} text */
function bytesOf(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
