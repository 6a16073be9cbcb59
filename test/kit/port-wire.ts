import type { Wire } from '../../extension/wire.js'

/** How a browser carries messages between a page's scripts and an extension's. */
export type Carriage = 'structured clone' | 'JSON'

/** Comes after all that was said, as a browser tells of an end. */
const END = 'the wire ends here'

/** The wire of a panel, and the port of the store at its other end. */
export function portWire(carriage: Carriage = 'structured clone'): { wire: Wire; port: MessagePort; end(): void } {
  const { port1: own, port2: theirs } = new MessageChannel()
  const carried = (message: unknown): unknown => (carriage === 'JSON' ? JSON.parse(JSON.stringify(message)) : message)
  const wire: Wire = {
    post: (message) => own.postMessage(carried(message)),
    listen(onMessage, onGone) {
      own.onmessage = ({ data }) => {
        if (data !== END) return onMessage(carried(data))
        own.close()
        onGone()
      }
    },
    close: () => own.close(),
  }
  return { wire, port: theirs, end: () => theirs.postMessage(END) }
}
