/**
 * WebKitGTK's MiniBrowser for tests of several tabs: the same as browser.js, by WebDriver. Every test has a browser of
 * its own, and every tab a window and a process.
 */
import { endMortalWorker, servePackage } from './browser.js'
import { descendantsOf, killProcess, until } from './processes.js'
import { Screen, WebDriver } from './webdriver.js'
import { Agents, agentScript, agentUrl } from './webkit-agent.js'
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
  /** @type {Map<Page, { page: WebKitPage, pids: number[] }>} */
  #opened = new Map()
  #agents
  /** Where the next tab is opened when there is no driver any more. */
  #spare = ''

  /**
   * @param {WebDriver} driver
   * @param {string} origin
   * @param {string[]} prelude what the server puts into every page
   * @param {Agents} agents
   */
  constructor(driver, origin, prelude, agents) {
    this.#driver = driver
    this.#origin = origin
    this.#prelude = prelude
    this.#agents = agents
    prelude.splice(0, Infinity, `(${gatherErrors.toString()})()`, agentScript)
  }

  /**
   * @param {string} [url]
   * @returns {Promise<Page>}
   */
  async open(url = '/') {
    const target = new URL(url, this.#origin).href
    if (this.#spare !== '') return this.#openSpare(target)
    const before = new Set(this.#pagePids())
    const window = await this.#driver.openWindow()
    const page = new WebKitPage(this.#driver, window, this.errors, this.#agents)
    await page.goto(target)
    this.#opened.set(page, { page, pids: this.#pagePids().filter((pid) => !before.has(pid)) })
    return page
  }

  /** @param {string} url */
  async #openSpare(url) {
    const agent = `${this.#spare}-again`
    const go = `setTimeout(() => location.replace(${JSON.stringify(agentUrl(url, agent))}))`
    await this.#agents.run(this.#spare, go, { last: true })
    this.#spare = ''
    const page = new WebKitPage(this.#driver, '', this.errors, this.#agents, agent)
    await page.loaded()
    return page
  }

  /**
   * The driver's session ends with any of the browser's processes: what is needed afterwards is made ready.
   * @param {Page | null} doomed
   */
  async #outliveDriver(doomed) {
    const spare = new WebKitPage(this.#driver, await this.#driver.openWindow(), this.errors, this.#agents)
    await spare.goto(new URL('/spare', this.#origin).href)
    this.#spare = await spare.outliveDriver()
    for (const { page } of this.#opened.values()) if (page !== doomed) await page.outliveDriver()
  }

  /** @param {string | (() => void)} script */
  async runFirst(script) {
    this.#prelude.push(typeof script === 'string' ? script : `(${script.toString()})()`)
  }

  /** @param {Page} page */
  async crash(page) {
    const [pid, ...more] = this.#opened.get(page)?.pids ?? []
    if (pid === undefined || more.length > 0) throw new Error('It is not known which process the tab runs in.')
    await this.#outliveDriver(page)
    await killProcess(pid)
    await until(() => !this.#pagePids().includes(pid))
  }

  /** Ends the process that does all networking and storage; the browser starts another one. */
  async crashStorage() {
    const found = descendantsOf(this.#driver.pid).find(({ name }) => name.startsWith('WebKitNetwork'))
    if (!found) throw new Error('There is no network process.')
    await this.#outliveDriver(null)
    await killProcess(found.pid)
  }

  async killSharedWorkers() {
    const [page] = this.#opened.keys()
    return page ? endMortalWorker(page) : 0
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
  #agents

  /**
   * @param {StaticServer} server
   * @param {Screen} screen
   * @param {string[]} prelude
   * @param {Agents} agents
   */
  constructor(server, screen, prelude, agents) {
    this.server = server
    this.#screen = screen
    this.#prelude = prelude
    this.#agents = agents
  }

  /** Known once there were tabs. */
  get version() {
    return `WebKitGTK ${this.#version}`
  }

  /** @param {string} [origin] of another server than the kit's */
  async freshTabs(origin = this.server.origin) {
    const driver = await WebDriver.start(this.#screen)
    this.#version = driver.version
    return new WebKitTabs(driver, origin, this.#prelude, this.#agents)
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
  const agents = new Agents()
  const server = await servePackage({
    ...options,
    answers: { '/spare': '<!doctype html><title>spare</title>', ...options.answers },
    answerFirst: (request, response) => agents.answer(request, response),
    prelude: () => prelude.join(';\n'),
  })
  try {
    return new WebKitKit(server, await Screen.start(), prelude, agents)
  } catch (trouble) {
    await server.close()
    throw trouble
  }
}
