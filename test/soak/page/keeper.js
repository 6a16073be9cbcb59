/** The page that outlives all tabs: it never opens the store. It fills the disk, and frees it. */

/** @type {IDBDatabase | null} */
let ballast = null

const aborts = new BroadcastChannel('soak:aborts')
aborts.addEventListener('message', ({ data }) => {
  if ('hit' in data) soakReport(JSON.stringify(data))
})

/** @param {{ where: string, how: string, times: number }} order */
function abort(order) {
  aborts.postMessage(order)
}

/** Writes random bytes, in ever smaller pieces, until nothing fits any more. Answers with how many fitted. */
async function wall() {
  ballast ??= await new Promise((resolve, reject) => {
    const request = indexedDB.open('ballast', 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore('bytes', { autoIncrement: true }))
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(/** @type {DOMException} */ (request.error)))
  })
  let written = 0
  for (let bytes = 8 * 2 ** 20; bytes > 2 ** 12;) {
    if (await put(/** @type {IDBDatabase} */ (ballast), bytes)) written += bytes
    else bytes /= 4
  }
  return written
}

/**
 * @param {IDBDatabase} database
 * @param {number} bytes
 * @returns {Promise<boolean>}
 */
function put(database, bytes) {
  return new Promise((resolve) => {
    const tx = database.transaction('bytes', 'readwrite')
    for (let left = bytes; left > 0; left -= 2 ** 15) {
      tx.objectStore('bytes').put(crypto.getRandomValues(new Uint8Array(Math.min(left, 2 ** 15))))
    }
    tx.addEventListener('complete', () => resolve(true))
    tx.addEventListener('abort', () => resolve(false))
  })
}

/** @returns {Promise<void>} */
async function lift() {
  ballast?.close()
  ballast = null
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('ballast')
    request.addEventListener('success', () => resolve())
    request.addEventListener('error', () => reject(/** @type {DOMException} */ (request.error)))
  })
}

/** Of tabs that are not gone yet. */
async function tabLocks() {
  const { held = [] } = await navigator.locks.query()
  return held.filter(({ name }) => name?.startsWith('tabscribe:tab:')).length
}

Object.assign(globalThis, { keeper: { abort, wall, lift, tabLocks } })
