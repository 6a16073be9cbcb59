/** A SharedWorker that hears everything and does nothing. */
addEventListener('connect', (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports
  port?.addEventListener('message', () => {})
  port?.start()
})
