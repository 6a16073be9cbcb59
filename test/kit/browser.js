/**
 * A real browser for tests of several tabs, driven by Playwright: Chromium, or Firefox. One browser per test file, one
 * context per test. A fresh context is a fresh origin: its own databases, locks and SharedWorkers.
 *
 *   const kit = await startKit()                       in beforeAll; `await kit.close()` in afterAll
 *   const tabs = await kit.freshTabs()                 in the test; `await tabs.close()` at its end
 *   const a = await tabs.open()                        a page on which `tabscribe` is what dist/index.js exports
 *   await a.evaluate(async () => { const store = await tabscribe.openStore('shop') … })
 */
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { ChromiumPowers } from './chromium-powers.js'
import { findBrowser } from './find-browser.js'
import { FirefoxPowers, launchFirefox } from './firefox.js'
import { serveFolder } from './static-server.js'

/** @import { Browser, BrowserContext, LaunchOptions, Page } from 'playwright-core' */
/** @import { ServeOptions, StaticServer } from './static-server.js' */
/** @import { Kit, Page as AnyPage, Tabs as AnyTabs } from './tabs.js' */

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url))

/**
 * An empty page on which the package's names resolve to a folder of the server, as they would with an installed one.
 * `globalThis.tabscribe` is the package: `import()` inside of a function that Vitest has compiled would not reach it.
 */
export function testPage(dist = '/dist/') {
  const imports = { tabscribe: `${dist}index.js`, 'tabscribe/panel': `${dist}panel.js` }
  return `<!doctype html><meta charset="utf-8"><title>test</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">import * as tabscribe from 'tabscribe'; Object.assign(globalThis, { tabscribe })</script><body></body>`
}

/**
 * Serves the built package at /dist/, the empty test page at /, and at /mortal one whose SharedWorker can be ended.
 * @param {ServeOptions} options
 */
export function servePackage({ answers, folders, ...options }) {
  const dist = `${repositoryRoot}dist`
  return serveFolder(null, {
    ...options,
    answers: { '/': testPage(), '/mortal': testPage('/mortal/'), '/mortal/worker.js': mortalWorker, ...answers },
    folders: { '/dist/': dist, '/mortal/': dist, ...folders },
  })
}

const END = 'end of the worker'

/** The real one, which ends when it is told to. */
const mortalWorker = `import '/dist/worker.js'
new BroadcastChannel('${END}').onmessage = () => close()`

/**
 * Ends the SharedWorker of the tabs at /mortal.
 * @param {AnyPage} page one of them
 */
export async function endMortalWorker(page) {
  await page.evaluate((name) => new BroadcastChannel(name).postMessage(''), END)
  return 1
}

/**
 * Starts a headless Chromium of the system's.
 * @param {LaunchOptions} [options]
 * @returns {Promise<Browser>}
 */
export function launchBrowser(options = {}) {
  return chromium.launch({ executablePath: findBrowser(), headless: true, ...options })
}

/** @implements {AnyTabs} */
export class Tabs {
  errors = /** @type {string[]} */ ([])
  /** @type {BrowserContext} */
  context
  #origin
  #powers

  /**
   * @param {BrowserContext} context
   * @param {string} origin
   * @param {ChromiumPowers | FirefoxPowers} powers
   */
  constructor(context, origin, powers) {
    this.context = context
    this.#origin = origin
    this.#powers = powers
    context.on('weberror', (event) => void this.errors.push(String(event.error().stack ?? event.error())))
    context.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
        this.errors.push(`console: ${message.text()} (${message.location().url})`)
    })
  }

  /**
   * @param {string} [url]
   * @returns {Promise<Page>}
   */
  open(url = '/') {
    return this.#powers.open(async () => {
      const page = await this.context.newPage()
      await page.goto(new URL(url, this.#origin).href)
      return page
    })
  }

  /** @param {string | (() => void)} script */
  async runFirst(script) {
    await this.context.addInitScript(typeof script === 'string' ? { content: script } : script)
  }

  /** @param {AnyPage} page */
  crash(page) {
    return this.#powers.crash(this.#own(page))
  }

  killSharedWorkers() {
    const [page] = this.context.pages()
    return this.#powers.killSharedWorkers(() => (page ? endMortalWorker(page) : Promise.resolve(0)))
  }

  crashStorage() {
    return this.#powers.crashStorage()
  }

  /**
   * @param {AnyPage} page
   * @param {boolean} frozen
   */
  setFrozen(page, frozen) {
    return this.#powers.setFrozen(this.#own(page), frozen)
  }

  async wipeDatabases() {
    const aside = await this.open('/dist/worker.js')
    await this.#powers.wipeDatabases(aside, this.#origin)
    await aside.close()
  }

  /** @param {number | null} bytes */
  async limitStorage(bytes) {
    // A page of its own: the limit goes with the one that set it.
    await this.#powers.limitStorage(await this.open('/dist/worker.js'), this.#origin, bytes)
  }

  async close() {
    await this.context.close()
  }

  /** @param {AnyPage} page */
  #own(page) {
    const own = this.context.pages().find((one) => one === page)
    if (!own) throw new Error('That page is not of these tabs.')
    return own
  }
}

/** @implements {Kit} */
export class BrowserKit {
  /** @type {'chromium' | 'firefox'} */
  engine
  /** @type {Browser} */
  browser
  /** @type {StaticServer} */
  server
  #powers

  /**
   * @param {'chromium' | 'firefox'} engine
   * @param {Browser} browser
   * @param {StaticServer} server
   */
  constructor(engine, browser, server) {
    this.engine = engine
    this.browser = browser
    this.server = server
    this.#powers = engine === 'chromium' ? new ChromiumPowers(browser) : new FirefoxPowers()
  }

  get version() {
    return `${this.engine === 'chromium' ? 'Chromium' : 'Firefox'} ${this.browser.version()}`
  }

  /** @param {string} [origin] of another server than the kit's */
  async freshTabs(origin = this.server.origin) {
    return new Tabs(await this.browser.newContext(), origin, this.#powers)
  }

  async close() {
    await this.browser.close()
    await this.server.close()
  }
}

/**
 * Starts both.
 * @param {ServeOptions & { engine?: 'chromium' | 'firefox', launch?: LaunchOptions }} [options]
 * @returns {Promise<BrowserKit>}
 */
export async function startKit({ engine = 'chromium', launch, ...options } = {}) {
  const server = await servePackage(options)
  try {
    const browser = await (engine === 'chromium' ? launchBrowser(launch) : launchFirefox(launch))
    return new BrowserKit(engine, browser, server)
  } catch (trouble) {
    await server.close()
    throw trouble
  }
}
