/**
 * Where a case runs: a browser with a profile on disk and two servers of this machine, one of them cross-origin
 * isolated, so that its clock is fine enough for microseconds.
 *
 * The profile is the point: a BrowserContext as the tests use it keeps IndexedDB and OPFS in memory only. Fresh storage
 * is had by a fresh origin (`http://bench-1.localhost:port`), which gets a database folder and processes of its own.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, firefox } from 'playwright-core'
import { repositoryRoot } from '../kit/browser.js'
import { findBrowser } from '../kit/find-browser.js'
import { firefoxOptions } from '../kit/firefox.js'
import { serveFolder } from '../kit/static-server.js'
import { Tab } from './tab.js'
import { WorkerHeap } from './worker-heap.js'

/** @import { BrowserContext } from 'playwright-core' */
/** @import { StaticServer } from '../kit/static-server.js' */
/** @import { Options } from './options.js' */

const page = '<!doctype html><meta charset="utf-8"><title>bench</title><body></body>'

/**
 * @param {Options} options
 * @param {string | null} peers the folder of the bundled peers, where a case needs them
 * @returns {Promise<Ground>}
 */
export async function startGround({ dist, against, browser }, peers) {
  const folder = mkdtempSync(join(tmpdir(), 'tabscribe-bench-'))
  // Copied: nobody's build may change what is being measured.
  cpSync(dist, join(folder, 'dist'), { recursive: true })
  if (against !== null) cpSync(against, join(folder, 'against'), { recursive: true })
  const served = {
    answers: { '/': page },
    folders: {
      '/dist/': join(folder, 'dist'),
      '/against/': join(folder, 'against'),
      '/peers/': peers ?? join(folder, 'no-peers'),
      '/comlink/': join(repositoryRoot, 'node_modules/comlink/dist/esm'),
      '/sqlite/': join(repositoryRoot, 'node_modules/@sqlite.org/sqlite-wasm/dist'),
      '/page/': join(repositoryRoot, 'test/bench/page'),
      '/kit/': join(repositoryRoot, 'test/kit'),
    },
  }
  const plain = await serveFolder(null, served)
  const isolated = await serveFolder(null, {
    ...served,
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
  })
  const profile = join(folder, 'profile')
  const context =
    browser === 'firefox'
      ? await firefox.launchPersistentContext(profile, { ...firefoxOptions(), headless: true })
      : await chromium.launchPersistentContext(profile, { executablePath: findBrowser(), headless: true })
  return new Ground(folder, { plain, isolated }, context)
}

export class Ground {
  #folder
  #servers
  #context
  #origins = 0

  /**
   * @param {string} folder
   * @param {{ plain: StaticServer, isolated: StaticServer }} servers
   * @param {BrowserContext} context
   */
  constructor(folder, servers, context) {
    this.#folder = folder
    this.#servers = servers
    this.#context = context
  }

  /** `Chromium 156.0.8078.79` */
  get browser() {
    const name = this.#browser.browserType().name()
    return `${name === 'firefox' ? 'Firefox' : 'Chromium'} ${this.#browser.version()}`
  }

  /**
   * An origin on which nothing is stored yet.
   * @param {'plain' | 'isolated'} [kind]
   */
  freshOrigin(kind = 'plain') {
    const { port } = new URL(this.#servers[kind].origin)
    return `http://bench-${++this.#origins}.localhost:${port}`
  }

  /**
   * A new tab of an origin, a fresh one by default.
   * @param {string} [origin]
   */
  async openTab(origin = this.freshOrigin()) {
    const tab = await this.#context.newPage()
    await tab.goto(`${origin}/`)
    const isChromium = this.#browser.browserType().name() === 'chromium'
    return new Tab(tab, isChromium ? await this.#context.newCDPSession(tab) : null)
  }

  /**
   * The heap of the SharedWorker that runs on an origin.
   * @param {string} origin
   */
  async workerHeap(origin) {
    return WorkerHeap.attach(await this.#browser.newBrowserCDPSession(), origin)
  }

  async close() {
    await this.#context.close()
    await Promise.all([this.#servers.plain.close(), this.#servers.isolated.close()])
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  get #browser() {
    const browser = this.#context.browser()
    if (browser === null) throw new Error('The context has no browser.')
    return browser
  }
}
