/** @import { CDPSession, Page } from 'playwright-core' */

/** No call takes nearly as long, on the slowest of machines: one that does will never end. */
const CALL_TIMEOUT_MS = 5 * 60_000

/** A tab that runs functions of the modules under page/. */
export class Tab {
  #page
  #session

  /**
   * @param {Page} page
   * @param {CDPSession | null} session where there is a DevTools protocol
   */
  constructor(page, session) {
    this.#page = page
    this.#session = session
  }

  get origin() {
    return new URL(this.#page.url()).origin
  }

  /**
   * Calls an exported function of page/<module>.js. Modules stay loaded, and keep their state, as long as the tab.
   * @template T
   * @param {string} module
   * @param {string} name
   * @param {unknown} [argument]
   * @returns {Promise<T>}
   */
  async call(module, name, argument) {
    const call = { path: `/page/${module}.js`, name, argument }
    const called = this.#page.evaluate(async ({ path, name, argument }) => (await import(path))[name](argument), call)
    /** @type {NodeJS.Timeout | undefined} */
    let timer
    const tooLate = new Promise((_, reject) => {
      const trouble = new Error(`${name}() in page/${module}.js has not ended after ${CALL_TIMEOUT_MS / 1000} s.`)
      timer = setTimeout(() => reject(trouble), CALL_TIMEOUT_MS)
    })
    try {
      return await Promise.race([called, tooLate])
    } finally {
      clearTimeout(timer)
    }
  }

  /** So that nobody pays for the garbage of the one before. Where it cannot be had, all pay alike. */
  async collectGarbage() {
    await this.#session?.send('HeapProfiler.collectGarbage')
  }

  async close() {
    await this.#page.close()
  }

  /** Closes it, and deletes all its origin stored, where that can be had: the next one's origin is another. */
  async remove() {
    await this.#session?.send('Storage.clearDataForOrigin', { origin: this.origin, storageTypes: 'all' })
    await this.close()
  }
}
