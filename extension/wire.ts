/** A two-way line for messages. What comes in is unknown until it has passed a guard. */
export interface Wire {
  /** Whatever cannot be said ends the wire. */
  post(message: unknown): void
  /** Once. `onGone`: the other side has ended it, or is no more. */
  listen(onMessage: (message: unknown) => void, onGone: () => void): void
  close(): void
}

/** The wire to a content script. A closed one tells its own side nothing. */
export function wireOf(port: chrome.runtime.Port): Wire {
  return {
    post(message) {
      try {
        port.postMessage(message)
      } catch {
        port.disconnect()
      }
    },
    listen(onMessage, onGone) {
      port.onMessage.addListener(onMessage)
      port.onDisconnect.addListener(() => {
        // Reading it keeps the browser from reporting it as an unchecked error.
        void chrome.runtime?.lastError
        onGone()
      })
    },
    close: () => port.disconnect(),
  }
}
