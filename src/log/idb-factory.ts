import { deferred } from '../core/deferred.js'

// When WebKit's process that keeps IndexedDB dies (killed in the background for its memory, say), every context that was
// there before is cut off: whatever it opens fails with 'Connection to Indexed Database server lost. Refresh the page to
// try again', for as long as it lives (https://bugs.webkit.org/show_bug.cgi?id=309386). A document that is new is not,
// so a page goes on through a frame's IndexedDB; a worker has nothing like it, and makes room for another one.

let current: IDBFactory | null = null
let frame: HTMLIFrameElement | null = null
const lost = deferred<void>()

/** Resolves once IndexedDB is out of reach for good, here. */
export const whenCutOff: Promise<void> = lost.promise

/** Does something with the IndexedDB that can be reached. */
export async function withFactory<T>(work: (factory: IDBFactory) => Promise<T>): Promise<T> {
  const used = current ?? indexedDB
  try {
    return await work(used)
  } catch (error) {
    if (!isCutOff(error)) throw error
    if (typeof document === 'undefined') {
      lost.resolve()
      throw error
    }
    if (used === (current ?? indexedDB)) current = factoryOfNewFrame()
    return work(current!)
  }
}

/** Whether what it opens comes from another document: idb knows this one's objects only. */
export function isForeign(factory: IDBFactory): boolean {
  return factory !== globalThis.indexedDB
}

/** Of a request, of whichever document, in terms of this one. */
export function outcomeOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(ownException(request.error))
  })
}

/** An exception of this document's, as `instanceof` wants it. */
export function ownException(error: unknown): DOMException {
  if (error instanceof DOMException) return error
  const { message = 'It was aborted', name = 'AbortError' } = (error ?? {}) as Partial<DOMException>
  return new DOMException(message, name)
}

function isCutOff(error: unknown): boolean {
  const { name, message = '' } = (error ?? {}) as Partial<Error>
  return name === 'UnknownError' && /server lost/i.test(message)
}

function factoryOfNewFrame(): IDBFactory {
  frame?.remove()
  frame = document.createElement('iframe')
  frame.hidden = true
  document.documentElement.append(frame)
  return frame.contentWindow!.indexedDB
}
