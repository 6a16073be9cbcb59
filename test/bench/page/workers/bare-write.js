/** A SharedWorker that puts one small value in one relaxed transaction and answers when it is complete. */
import { loadComlink } from '../comlink.js'

const comlink = loadComlink()

/** @type {Promise<IDBDatabase>} */
const opening = new Promise((resolve, reject) => {
  const request = indexedDB.open('bare-write', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('values')
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(new Error('The database could not be opened.', { cause: request.error }))
})

/** @param {number} n */
async function write(n) {
  const database = await opening
  const tx = database.transaction('values', 'readwrite', { durability: 'relaxed' })
  tx.objectStore('values').put({ n }, 'value')
  tx.commit()
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve
    tx.onabort = () => reject(new Error('The write failed.', { cause: tx.error }))
  })
}

addEventListener('connect', (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports
  if (port) void comlink.then(({ expose }) => expose({ write }, port))
})
