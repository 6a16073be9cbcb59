/**
 * A real browser for tests of several tabs: one Chromium per test file, one context per test.
 * A fresh context is a fresh origin: its own databases, locks and SharedWorkers.
 *
 *   const kit = await startKit()                       in beforeAll; `await kit.close()` in afterAll
 *   const tabs = await kit.freshTabs()                 in the test; `await tabs.close()` at its end
 *   const a = await tabs.open()                        a page on which `tabscribe` is what dist/index.js exports
 *   await a.evaluate(async () => { const store = await tabscribe.openStore('shop') … })
 */
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findBrowser } from './find-browser.js'
import { serveFolder } from './static-server.js'

/** @import { Browser, BrowserContext, LaunchOptions, Page } from 'playwright-core' */
/** @import { ServeOptions, StaticServer } from './static-server.js' */

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
 * Starts a headless Chromium of the system's.
 * @param {LaunchOptions} [options]
 * @returns {Promise<Browser>}
 */
export function launchBrowser(options = {}) {
  return chromium.launch({ executablePath: findBrowser(), headless: true, ...options })
}

/** Tabs that share one storage, and all that went wrong in them. */
export class Tabs {
  /** What pages threw or could not load, as text. Tests end with `expect(tabs.errors).toEqual([])`. */
  errors = /** @type {string[]} */ ([])
  /** @type {BrowserContext} */
  context
  #origin

  /**
   * @param {BrowserContext} context
   * @param {string} origin
   */
  constructor(context, origin) {
    this.context = context
    this.#origin = origin
    context.on('weberror', (event) => void this.errors.push(String(event.error().stack ?? event.error())))
    context.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
        this.errors.push(`console: ${message.text()} (${message.location().url})`)
    })
  }

  /**
   * A new tab at a path of the server, or at a URL; the empty test page by default.
   * @param {string} [url]
   * @returns {Promise<Page>}
   */
  async open(url = '/') {
    const page = await this.context.newPage()
    await page.goto(new URL(url, this.#origin).href)
    return page
  }

  /** Closes its tabs; their storage goes with them. */
  async close() {
    await this.context.close()
  }
}

/** One browser and one server, for one test file. */
export class BrowserKit {
  /** @type {Browser} */
  browser
  /** @type {StaticServer} */
  server

  /**
   * @param {Browser} browser
   * @param {StaticServer} server
   */
  constructor(browser, server) {
    this.browser = browser
    this.server = server
  }

  /**
   * Tabs with nothing stored yet.
   * @param {string} [origin] of another server than the kit's
   * @returns {Promise<Tabs>}
   */
  async freshTabs(origin = this.server.origin) {
    return new Tabs(await this.browser.newContext(), origin)
  }

  async close() {
    await this.browser.close()
    await this.server.close()
  }
}

/**
 * Starts both. The server has the built package at /dist/ and the empty test page at /.
 * @param {ServeOptions & { launch?: LaunchOptions }} [options]
 * @returns {Promise<BrowserKit>}
 */
export async function startKit({ launch, answers, folders, ...options } = {}) {
  const server = await serveFolder(null, {
    ...options,
    answers: { '/': testPage(), ...answers },
    folders: { '/dist/': `${repositoryRoot}dist`, ...folders },
  })
  try {
    return new BrowserKit(await launchBrowser(launch), server)
  } catch (trouble) {
    await server.close()
    throw trouble
  }
}
