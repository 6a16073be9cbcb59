/** @import { Browser, Page } from 'playwright-core' */

/** What only the DevTools protocol can do to a page, its workers and its storage. */
export class ChromiumPowers {
  #browser

  /** @param {Browser} browser */
  constructor(browser) {
    this.#browser = browser
  }

  /**
   * @param {() => Promise<Page>} open
   * @returns {Promise<Page>}
   */
  open(open) {
    return open()
  }

  /** @param {Page} page */
  crash(page) {
    return crashInChromium(page)
  }

  /** @returns {Promise<void>} */
  crashStorage() {
    return Promise.reject(new Error('Chromium keeps its databases itself.'))
  }

  async killSharedWorkers() {
    const session = await this.#browser.newBrowserCDPSession()
    const { targetInfos } = await session.send('Target.getTargets')
    const workers = targetInfos.filter(({ type }) => type === 'shared_worker')
    for (const { targetId } of workers) await session.send('Target.closeTarget', { targetId })
    await session.detach()
    return workers.length
  }

  /**
   * @param {Page} page
   * @param {boolean} frozen
   */
  async setFrozen(page, frozen) {
    const session = await page.context().newCDPSession(page)
    await session.send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' })
    await session.detach()
  }

  /**
   * @param {Page} page
   * @param {string} origin
   */
  async wipeDatabases(page, origin) {
    const session = await page.context().newCDPSession(page)
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  }

  /**
   * @param {Page} page
   * @param {string} origin
   * @param {number | null} bytes
   */
  async limitStorage(page, origin, bytes) {
    const session = await page.context().newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin, ...(bytes === null ? {} : { quotaSize: bytes }) })
  }
}

/** @param {Page} page */
export async function crashInChromium(page) {
  const crashed = page.waitForEvent('crash')
  const session = await page.context().newCDPSession(page)
  // The answer never comes: who should give it is gone.
  session.send('Page.crash').catch(() => {})
  await crashed
}
