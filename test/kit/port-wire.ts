import type { Wire } from '../../extension/wire.js'

/** How a browser carries messages between a page's scripts and an extension's. */
export type Carriage = 'structured clone' | 'JSON'

/** The wire of a panel, and the port of the store at its other end. */
export function portWire(carriage: Carriage = 'structured clone'): { wire: Wire; port: MessagePort; end(): void } {
  const { port1: own, port2: theirs } = new MessageChannel()
  const carried = (message: unknown): unknown => (carriage === 'JSON' ? JSON.parse(JSON.stringify(message)) : message)
  let onGone = (): void => {}
  const wire: Wire = {
    post: (message) => own.postMessage(carried(message)),
    listen(onMessage, gone) {
      onGone = gone
      own.onmessage = ({ data }) => onMessage(carried(data))
    },
    close: () => own.close(),
  }
  const end = (): void => {
    own.close()
    onGone()
  }
  return { wire, port: theirs, end }
}
