/** A SharedWorker that writes in one relaxed transaction and answers when it is complete: one small value, or what keeps a count in step with a log. */
import { loadComlink } from '../comlink.js'

const comlink = loadComlink()

const stores = ['values', 'head', 'producers', 'counters']

/** @type {Promise<IDBDatabase>} */
const opening = new Promise((resolve, reject) => {
  const request = indexedDB.open('bare-write', 1)
  request.onupgradeneeded = () => stores.forEach((store) => request.result.createObjectStore(store))
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(new Error('The database could not be opened.', { cause: request.error }))
})

/** @param {number} n */
async function write(n) {
  const tx = (await opening).transaction('values', 'readwrite', { durability: 'relaxed' })
  tx.objectStore('values').put({ n }, 'value')
  await committed(tx)
}

/**
 * Reads the head that says whose turn it is; then puts it, who was heard last, and a counter of 256 buckets.
 * @param {number} n
 */
async function count(n) {
  const tx = (await opening).transaction(stores, 'readwrite', { durability: 'relaxed' })
  await new Promise((resolve, reject) => {
    const request = tx.objectStore('head').get('head')
    request.onsuccess = resolve
    request.onerror = () => reject(new Error('The head cannot be read.', { cause: request.error }))
  })
  tx.objectStore('counters').put({ buckets: new Float64Array(256).fill(n), stamp: [1, n] }, 'id')
  tx.objectStore('producers').put({ id: 'tab', session: 'session', lastSeq: n, gaps: [] }, 'tab')
  tx.objectStore('head').put({ format: 1, database: 'counts', epoch: 1, revision: n, nextSequence: n }, 'head')
  await committed(tx)
}

/** @param {IDBTransaction} tx */
function committed(tx) {
  tx.commit()
  return new Promise((resolve, reject) => {
    tx.oncomplete = resolve
    tx.onabort = () => reject(new Error('The write failed.', { cause: tx.error }))
  })
}

addEventListener('connect', (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports
  if (port) void comlink.then(({ expose }) => expose({ write, count }, port))
})
