/**
 * WebKitGTK's MiniBrowser for tests of several tabs: the same as browser.js, by WebDriver. Every test has a browser of
 * its own, and every tab a window and a process.
 */
import { servePackage } from './browser.js'
import { descendantsOf, killProcess, until } from './processes.js'
import { Screen, WebDriver } from './webdriver.js'
import { gatherErrors, WebKitPage } from './webkit-page.js'

/** @import { ServeOptions, StaticServer } from './static-server.js' */
/** @import { Kit, Page, Tabs } from './tabs.js' */

const cannot = (/** @type {string} */ what) => Promise.reject(new Error(`WebKitGTK cannot ${what} from outside.`))

/** @implements {Tabs} */
export class WebKitTabs {
  errors = /** @type {string[]} */ ([])
  #driver
  #origin
  #prelude
  /** @type {WeakMap<Page, number[]>} */
  #processes = new WeakMap()

  /**
   * @param {WebDriver} driver
   * @param {string} origin
   * @param {string[]} prelude what the server puts into every page
   */
  constructor(driver, origin, prelude) {
    this.#driver = driver
    this.#origin = origin
    this.#prelude = prelude
    prelude.splice(0, Infinity, `(${gatherErrors.toString()})()`)
  }

  /**
   * @param {string} [url]
   * @returns {Promise<Page>}
   */
  async open(url = '/') {
    const before = new Set(this.#pagePids())
    const window = await this.#driver.openWindow()
    const page = new WebKitPage(this.#driver, window, this.errors)
    await page.goto(new URL(url, this.#origin).href)
    this.#processes.set(
      page,
      this.#pagePids().filter((pid) => !before.has(pid)),
    )
    return page
  }

  /** @param {string | (() => void)} script */
  async runFirst(script) {
    this.#prelude.push(typeof script === 'string' ? script : `(${script.toString()})()`)
  }

  /** @param {Page} page */
  async crash(page) {
    const [pid, ...more] = this.#processes.get(page) ?? []
    if (pid === undefined || more.length > 0) throw new Error('It is not known which process the tab runs in.')
    await this.#driver.lookAway()
    await killProcess(pid)
    await until(() => !this.#pagePids().includes(pid))
  }

  /** Ends the process that does all networking and storage; the browser starts another one. */
  async crashNetworkProcess() {
    const found = descendantsOf(this.#driver.pid).find(({ name }) => name.startsWith('WebKitNetwork'))
    if (!found) throw new Error('There is no network process.')
    await killProcess(found.pid)
  }

  /** @returns {Promise<number>} */
  killSharedWorkers() {
    return cannot('end a SharedWorker')
  }

  /** @returns {Promise<void>} */
  setFrozen() {
    return cannot('freeze a page')
  }

  /** @returns {Promise<void>} */
  wipeDatabases() {
    return cannot('delete databases')
  }

  /** @returns {Promise<void>} */
  limitStorage() {
    return cannot('change what an origin may store')
  }

  async close() {
    await this.#driver.close()
  }

  #pagePids() {
    return descendantsOf(this.#driver.pid).flatMap(({ name, pid }) => (name.startsWith('WebKitWebPro') ? [pid] : []))
  }
}

/** @implements {Kit} */
export class WebKitKit {
  engine = /** @type {const} */ ('webkit')
  #version = ''
  /** @type {StaticServer} */
  server
  #screen
  #prelude

  /**
   * @param {StaticServer} server
   * @param {Screen} screen
   * @param {string[]} prelude
   */
  constructor(server, screen, prelude) {
    this.server = server
    this.#screen = screen
    this.#prelude = prelude
  }

  /** Known once there were tabs. */
  get version() {
    return `WebKitGTK ${this.#version}`
  }

  /** @param {string} [origin] of another server than the kit's */
  async freshTabs(origin = this.server.origin) {
    const driver = await WebDriver.start(this.#screen)
    this.#version = driver.version
    return new WebKitTabs(driver, origin, this.#prelude)
  }

  async close() {
    await this.#screen.close()
    await this.server.close()
  }
}

/**
 * @param {ServeOptions} [options]
 * @returns {Promise<WebKitKit>}
 */
export async function startWebKit(options = {}) {
  /** @type {string[]} */
  const prelude = []
  const server = await servePackage({ ...options, prelude: () => prelude.join('\n') })
  try {
    return new WebKitKit(server, await Screen.start(), prelude)
  } catch (trouble) {
    await server.close()
    throw trouble
  }
}
