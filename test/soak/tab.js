import { actionOf } from './parts.js'

/** @import { BrowserContext, CDPSession, Page } from 'playwright-core' */
/** @import { Ledger, Report } from './ledger.js' */
/** @import { Action, Kind } from './schedule.js' */

/** Nothing a page is asked takes as long, unless it hangs. */
const PATIENCE_MS = 45_000

/** The tab ended before it answered. */
export class TabGone extends Error {}

/** One tab, from its opening to its end. */
export class Tab {
  id
  /** @type {Promise<'crash' | 'left'>} */
  gone
  #page
  #session
  #ledger

  /**
   * @param {number} id
   * @param {Page} page
   * @param {CDPSession} session
   * @param {Ledger} ledger
   */
  constructor(id, page, session, ledger) {
    this.id = id
    this.#page = page
    this.#session = session
    this.#ledger = ledger
    this.gone = new Promise((resolve) => {
      page.on('crash', () => resolve('crash'))
      page.on('close', () => resolve('left'))
      // Every navigation ends what the page was.
      page.on('framenavigated', (frame) => {
        if (frame.parentFrame() === null && frame.url() === 'about:blank') resolve('left')
      })
    })
    void this.gone.then((how) => ledger.died(id, how))
  }

  /**
   * @param {{ id: number, slot: number, kind: Kind, context: BrowserContext, origin: string, ledger: Ledger, onReport?: (report: Report) => void }} options
   */
  static async open({ id, slot, kind, context, origin, ledger, onReport = (report) => ledger.take(id, report) }) {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    session.on('Runtime.bindingCalled', ({ payload }) => onReport(JSON.parse(payload)))
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: 'soakReport' })
    if (kind.host === 'leader') await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
    await page.goto(`${origin}/${kind.version}`)
    ledger.born(id, slot, kind)
    const tab = new Tab(id, page, session, ledger)
    await tab.#ask(
      page.waitForFunction(() => typeof soak !== 'undefined'),
      'load',
    )
    await tab.#ask(
      page.evaluate((kind) => soak.start(kind), kind),
      'open',
    )
    return tab
  }

  /** @param {Action} action */
  async act(action) {
    this.#ledger.issued(this.id, action)
    const done = this.#page.evaluate((action) => soak.act(action), { ...action, floor: this.#ledger.floor })
    switch (action.do) {
      case 'close-at-once':
      case 'navigate':
        done.catch(() => {})
        // A window that may not close itself is closed from outside.
        if (action.do === 'close-at-once') done.then(() => this.#page.close()).catch(() => {})
        return this.#end()
      case 'storm':
        done.catch(() => {})
        await this.#ask(this.#recording(action.id), action.do)
        return this.crash()
      default:
        await this.#ask(done, action.do)
    }
    if (action.do === 'close') return this.close()
    if (action.do === 'crash') return this.crash()
    if (action.do === 'navigate-later') {
      this.#page.goto('about:blank').catch(() => {})
      await this.#end()
    }
  }

  /** What is left of a crashed one goes too. */
  async remove() {
    await this.#inTime(this.#page.close(), 'close').catch(() => {})
  }

  // Resolves in the middle of the task that records.
  /** @param {number} id */
  #recording(id) {
    return new Promise((resolve) => {
      this.#session.on('Runtime.bindingCalled', ({ payload }) => {
        const report = /** @type {Report} */ (JSON.parse(payload))
        if (report.t === 'queued' && actionOf(report.b) === id) resolve(undefined)
      })
    })
  }

  async close() {
    this.#page.close().catch(() => {})
    await this.#end()
  }

  /** Its renderer is killed, and with it whatever else runs in there. */
  async crash() {
    // The answer never comes: who should give it is gone.
    this.#session.send('Page.crash').catch(() => {})
    await this.#end()
  }

  async leads() {
    return this.#ask(
      this.#page.evaluate(() => soak.leads()),
      'leads',
    )
  }

  async head() {
    return this.#ask(
      this.#page.evaluate(() => soak.head()),
      'head',
    )
  }

  async settle() {
    return this.#ask(
      this.#page.evaluate(() => soak.settle()),
      'settle',
    )
  }

  /** @param {{ next: number, sequence: number }} head */
  async hearAll({ next, sequence }) {
    const args = /** @type {const} */ ([next, sequence])
    await this.#ask(
      this.#page.evaluate((args) => soak.hearAll(...args), args),
      'hear all',
    )
  }

  async tellLog() {
    return this.#ask(
      this.#page.evaluate(() => soak.tellLog()),
      'read all',
    )
  }

  async leftovers() {
    return this.#ask(
      this.#page.evaluate(() => soak.leftovers()),
      'leftovers',
    )
  }

  async #end() {
    await this.#inTime(this.gone, 'end')
  }

  /**
   * @template T
   * @param {Promise<T>} answer
   * @param {string} what
   * @returns {Promise<T>}
   */
  async #ask(answer, what) {
    const gone = this.gone.then((how) => {
      throw new TabGone(`tab ${this.id} ended (${how}) before it answered: ${what}`)
    })
    gone.catch(() => {})
    try {
      return await this.#inTime(Promise.race([answer, gone]), what)
    } catch (error) {
      // A page on its way out answers with errors of its own.
      if (!(error instanceof Error) || !/destroyed|closed|crashed|detached/i.test(error.message)) throw error
      throw new TabGone(error.message)
    } finally {
      answer.catch(() => {})
    }
  }

  /**
   * @template T
   * @param {Promise<T>} answer
   * @param {string} what
   * @returns {Promise<T>}
   */
  async #inTime(answer, what) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => void this.#unanswered().then((open) => reject(this.#hangs(what, open))), PATIENCE_MS)
    })
    try {
      return await Promise.race([answer, /** @type {Promise<never>} */ (late)])
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * @param {string} what
   * @param {string[]} open
   */
  #hangs(what, open) {
    return new Error(`Tab ${this.id} has not answered '${what}' for ${PATIENCE_MS / 1000} s; open: ${open.join(', ')}`)
  }

  /** @returns {Promise<string[]>} */
  async #unanswered() {
    const silent = new Promise((resolve) => setTimeout(() => resolve(['(it says nothing)']), 2000))
    return Promise.race([this.#page.evaluate(() => soak.unanswered()).catch(() => []), silent])
  }
}
