import { answerWith } from '../worker-port.js'

/**
 * What TypeScript's library for pages leaves out: it is there in workers.
 * @typedef {{ write(bytes: ArrayBuffer, options: { at: number }): number, close(): void }} SyncAccessHandle
 * @typedef {{ createSyncAccessHandle(): Promise<SyncAccessHandle> }} HandleFactory
 */

/** @type {SyncAccessHandle | undefined} */
let handle
let length = 0

answerWith(async ({ open, write, remove }) => {
  const root = await navigator.storage.getDirectory()
  if (typeof open === 'string') {
    /** @type {unknown} */
    const file = await root.getFileHandle(open, { create: true })
    handle = await /** @type {HandleFactory} */ (file).createSyncAccessHandle()
  } else if (write instanceof ArrayBuffer && handle) {
    length += handle.write(write, { at: length })
  } else if (typeof remove === 'string') {
    handle?.close()
    await root.removeEntry(remove)
  }
})
