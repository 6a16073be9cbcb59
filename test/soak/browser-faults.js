/** What befalls a browser: its SharedWorkers end, its disk is full. */

/** @import { Browser, BrowserContext, CDPSession, Page } from 'playwright-core' */

export class BrowserFaults {
  #browser
  #keeper
  /** Keeps the quota as it is. */
  #session

  /**
   * @param {CDPSession} browser
   * @param {Page} keeper
   * @param {CDPSession} session
   */
  constructor(browser, keeper, session) {
    this.#browser = browser
    this.#keeper = keeper
    this.#session = session
  }

  /**
   * To be called before anything is written.
   * @param {Browser} browser
   * @param {BrowserContext} context
   * @param {string} origin
   * @param {number} quotaBytes
   * @param {() => void} onAborted a transaction was made to fail
   */
  static async start(browser, context, origin, quotaBytes, onAborted) {
    const keeper = await context.newPage()
    const session = await context.newCDPSession(keeper)
    session.on('Runtime.bindingCalled', onAborted)
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: 'soakReport' })
    await keeper.goto(`${origin}/keeper`)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: quotaBytes })
    return new BrowserFaults(await browser.newBrowserCDPSession(), keeper, session)
  }

  /** Answers with how many there were. */
  async killSharedWorkers() {
    const { targetInfos } = await this.#browser.send('Target.getTargets')
    const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
    const closed = workers.map(({ targetId }) => this.#browser.send('Target.closeTarget', { targetId }))
    await Promise.allSettled(closed)
    return workers.length
  }

  /** @param {{ where: string, how: string, times: number }} order */
  async abortTransactions({ where, how, times }) {
    await this.#keeper.evaluate((order) => keeper.abort(order), { where, how, times })
  }

  async fillDisk() {
    return this.#keeper.evaluate(() => keeper.wall())
  }

  async freeDisk() {
    await this.#keeper.evaluate(() => keeper.lift())
  }

  /** Resolves once the browser knows of every tab that it is gone. */
  async tabsGone() {
    const options = { polling: 50, timeout: 20_000 }
    await this.#keeper.waitForFunction(async () => (await keeper.tabLocks()) === 0, null, options)
  }

  async close() {
    await this.#session.detach()
    await this.#browser.detach()
  }
}
