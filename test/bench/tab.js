import { crashInChromium } from '../kit/chromium-powers.js'
import { endings } from '../kit/survivors.js'
import { traceMainThread } from './main-thread.js'
import { within } from './within.js'

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
    return within(CALL_TIMEOUT_MS, called)
  }

  /**
   * What its main thread does while `body` runs, which marks its frames.
   * @param {() => Promise<unknown>} body
   */
  async traced(body) {
    const browser = this.#page.context().browser()
    if (browser === null) throw new Error('The tab has no browser.')
    return traceMainThread(browser, this.#page, body)
  }

  /** So that nobody pays for the garbage of the one before. Where it cannot be had, all pay alike. */
  async collectGarbage() {
    await this.#session?.send('HeapProfiler.collectGarbage')
  }

  /** The milliseconds for which the page's main thread has worked so far, whatever else ran on the machine meanwhile. */
  async mainThreadMs() {
    if (this.#session === null) throw new Error('Only Chromium tells how long a main thread has worked.')
    await this.#session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const { metrics } = await this.#session.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
  }

  async close() {
    await this.#page.close()
  }

  /**
   * Fifty writes and the end of the tab, as test/kit/survivors.js has it.
   * @param {string} ending
   */
  async end(ending) {
    await endings[ending]?.(this.#page, { crash: () => crashInChromium(this.#page) })
    if (!this.#page.isClosed()) await this.#page.close()
  }

  /** Closes it, and deletes all its origin stored, where that can be had: the next one's origin is another. */
  async remove() {
    await this.#session?.send('Storage.clearDataForOrigin', { origin: this.origin, storageTypes: 'all' })
    await this.close()
  }
}
