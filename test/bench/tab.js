/** @import { CDPSession, Page } from 'playwright-core' */

/** A tab that runs functions of the modules under page/. */
export class Tab {
  #page
  #session

  /**
   * @param {Page} page
   * @param {CDPSession} session
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
  call(module, name, argument) {
    const call = { path: `/page/${module}.js`, name, argument }
    return this.#page.evaluate(async ({ path, name, argument }) => (await import(path))[name](argument), call)
  }

  /** So that nobody pays for the garbage of the one before. */
  async collectGarbage() {
    await this.#session.send('HeapProfiler.collectGarbage')
  }

  async close() {
    await this.#page.close()
  }

  /** Closes it, and deletes all its origin stored. */
  async remove() {
    await this.#session.send('Storage.clearDataForOrigin', { origin: this.origin, storageTypes: 'all' })
    await this.close()
  }
}
