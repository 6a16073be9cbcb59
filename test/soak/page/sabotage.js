/**
 * Runs before everything else in every page and worker of the soak: makes transactions of the log fail when it is told
 * to over a channel. A classic script, so that it can also stand in front of a worker's own.
 */
;(() => {
  const kind =
    typeof document !== 'undefined' ? 'page' : 'onconnect' in globalThis ? 'shared' : /** @type {const} */ ('dedicated')
  const channel = new BroadcastChannel('soak:aborts')
  let left = 0
  let how = 'start'
  channel.addEventListener('message', ({ data }) => {
    if (data.where !== kind) return
    left = data.times
    how = data.how
  })

  // The journal is left alone. Whether it got to the disk is what a tab's promises hang on.
  let journaling = 0
  const waiting = /** @type {(() => void)[]} */ ([])
  const journaled = () => {
    if (--journaling === 0) for (const resolve of waiting.splice(0)) resolve()
  }
  Object.assign(globalThis, {
    /** @returns {Promise<void>} */
    whenJournaled: () => new Promise((resolve) => (journaling === 0 ? resolve() : waiting.push(resolve))),
  })

  const transaction = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (mode === 'readwrite' && this.name.startsWith('tabscribe-journal:')) {
      const own = transaction.call(this, stores, mode, options)
      journaling++
      own.addEventListener('complete', journaled)
      own.addEventListener('abort', journaled)
      return own
    }
    if (left === 0 || mode !== 'readwrite' || !this.name.startsWith('tabscribe:')) {
      return transaction.call(this, stores, mode, options)
    }
    left--
    channel.postMessage({ hit: how })
    if (how === 'throw') throw new DOMException('The soak made it fail', 'UnknownError')
    // The browser closes connections when it is in trouble: the call below then throws, as it does there.
    if (how === 'close') this.close()
    const own = transaction.call(this, stores, mode, options)
    if (how === 'commit') own.commit = () => own.abort()
    else queueMicrotask(() => own.abort())
    return own
  }
})()
