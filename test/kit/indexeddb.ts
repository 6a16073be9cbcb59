/**
 * An `indexedDB` wherever a test runs: the browser's own, in Node fake-indexeddb. Import it first.
 * The fake is for order and content only; quota, abort and blocked behaviour is tested in the browser.
 */
export const isRealIndexedDb = 'indexedDB' in globalThis
if (!isRealIndexedDb) await import('fake-indexeddb/auto')
