/**
 * IndexedDB that fails on demand, in whichever context the writer runs: in a page, or in a worker whose script imports
 * this before the real one. What fails are the log's own transactions and openings; the journal's are left alone.
 *
 *   const kit = await startKit({ answers: faultyAnswers })
 *   await tabs.context.addInitScript({ content: faultScript })
 *   await page.evaluate(() => inject({ abort: 2 }))     the next two write transactions abort, in page and worker
 */

/**
 * @typedef {object} Injection how many of the next ones fail; Infinity until the next injection
 * @property {number} [abort] write transactions that abort when the first thing is put
 * @property {number} [throws] transactions that cannot be begun: 'UnknownError'
 * @property {number} [closed] connections that are closed when a transaction is begun: 'InvalidStateError'
 * @property {number} [open] openings that throw: 'UnknownError'
 * @property {number} [refuse] openings that end in an error event
 */

function install() {
  if ('inject' in globalThis) return
  const isLog = (/** @type {string} */ name) => name.startsWith('tabscribe:')
  /** @type {Record<string, number>} */
  const left = {}
  const fails = (/** @type {string} */ what) => {
    if (!left[what]) return false
    left[what]--
    return true
  }
  const { transaction } = IDBDatabase.prototype
  const { put } = IDBObjectStore.prototype
  const { open } = IDBFactory.prototype
  /** @type {WeakSet<IDBTransaction>} */
  const doomed = new WeakSet()
  IDBDatabase.prototype.transaction = function (...args) {
    if (!isLog(this.name)) return transaction.apply(this, args)
    if (fails('throws')) throw new DOMException('Injected', 'UnknownError')
    if (fails('closed')) this.close()
    const tx = transaction.apply(this, args)
    if (args[1] === 'readwrite' && fails('abort')) doomed.add(tx)
    return tx
  }
  IDBObjectStore.prototype.put = function (...args) {
    const request = put.apply(this, args)
    if (doomed.delete(this.transaction)) this.transaction.abort()
    return request
  }
  IDBFactory.prototype.open = function (name, version) {
    if (isLog(name) && fails('open')) throw new DOMException('Injected', 'UnknownError')
    if (!isLog(name) || !fails('refuse')) return open.call(this, name, version)
    open.call(this, 'of a later version', 2)
    return open.call(this, 'of a later version', 1)
  }
  const heard = new BroadcastChannel('storage-faults')
  const set = (/** @type {Record<string, number>} */ injection) => {
    for (const what of Object.keys(left)) delete left[what]
    Object.assign(left, injection)
  }
  heard.onmessage = ({ data }) => {
    if (data.answer || typeof window !== 'undefined') return
    set(data.injection)
    heard.postMessage({ answer: true })
  }
  Object.assign(globalThis, {
    // Resolves once the worker has it too, where there is one.
    inject: (/** @type {Record<string, number>} */ injection, hasWorker = true) => {
      set(injection)
      if (!hasWorker) return Promise.resolve()
      return new Promise((resolve) => {
        const line = new BroadcastChannel('storage-faults')
        line.onmessage = ({ data }) => {
          if (!data.answer) return
          line.close()
          resolve(undefined)
        }
        line.postMessage({ injection })
      })
    },
  })
}

/** For every page: makes the log's storage fail when `inject` says so. */
export const faultScript = `(${install.toString()})()`

/** The same for workers: the script '/worker.js' is the writer's, '/hopeless-worker.js' one that never gets storage. */
export const faultyAnswers = {
  '/faults.js': faultScript,
  '/worker.js': `import '/faults.js'; import '/dist/worker.js'`,
  '/hopeless.js': `IDBFactory.prototype.open = () => { throw new DOMException('Denied', 'SecurityError') }`,
  '/hopeless-worker.js': `import '/hopeless.js'; import '/dist/worker.js'`,
}
