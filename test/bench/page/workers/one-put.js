import { answerWith } from '../worker-port.js'

/** @type {IDBDatabase | undefined} */
let database

answerWith(async ({ open, put, remove }) => {
  if (typeof open === 'string') {
    database = await opened(open)
    await written({ opened: true })
  } else if (put instanceof ArrayBuffer) {
    await written(put)
  } else if (typeof remove === 'string') {
    database?.close()
    indexedDB.deleteDatabase(remove)
  }
})

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
function opened(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore('values', { autoIncrement: true })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error(String(request.error)))
  })
}

/**
 * @param {unknown} value
 * @returns {Promise<void>}
 */
function written(value) {
  return new Promise((resolve, reject) => {
    const transaction = database?.transaction('values', 'readwrite', { durability: 'relaxed' })
    if (!transaction) throw new Error('Not open.')
    transaction.objectStore('values').add(value)
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(new Error(String(transaction.error)))
    transaction.commit()
  })
}
