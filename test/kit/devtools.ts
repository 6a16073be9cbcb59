import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core'
import { repositoryRoot } from './browser.js'
import { findBrowser } from './find-browser.js'

declare global {
  /** In the panel's page, once it is watched. */
  var phasesSince: Record<string, number>
}

export const extensionFolder = `${repositoryRoot}artifacts/extension/chromium`
export const pictures = `${repositoryRoot}artifacts/extension-pictures`

const PATIENCE_MS = 45_000
const LOOK_EVERY_MS = 30

/** A Chromium with the extension in it. */
export async function launchWithExtension(): Promise<Browser> {
  await mkdir(pictures, { recursive: true })
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'))
  // Docked to the bottom: beside the page the panel's tab would hide in a menu.
  const preferences = {
    devtools: { preferences: { currentDockState: '"bottom"' } },
    // Without it an unpacked extension that is reloaded stays disabled.
    extensions: { ui: { developer_mode: true } },
  }
  await mkdir(join(profile, 'Default'))
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
  const browser = await puppeteer.launch({
    executablePath: findBrowser(),
    headless: true,
    pipe: true,
    userDataDir: profile,
    enableExtensions: [extensionFolder],
    handleDevToolsAsPage: true,
    args: ['--no-sandbox'],
  })
  browser.once('disconnected', () => void rm(profile, { recursive: true, force: true, maxRetries: 10 }))
  return browser
}

/** The extension's panel in DevTools that are open beside a page. */
export class DevToolsPanel {
  readonly devtools: Page
  readonly frame: Frame

  constructor(devtools: Page, frame: Frame) {
    this.devtools = devtools
    this.frame = frame
  }

  /** Opens DevTools for the page, and in them the panel, as a person would. */
  static async open(page: Page): Promise<DevToolsPanel> {
    const devtools = await page.openDevTools()
    await devtools.setViewport({ width: 1280, height: 1100 })
    const tab = await until(() => devtools.$('pierce/[role=tab][aria-label="tabscribe"]'))
    await tab.click()
    const frame = await until(async () => devtools.frames().find((one) => one.url().endsWith('/panel.html')) ?? null)
    await frame.waitForSelector('.inspected')
    return new DevToolsPanel(devtools, frame)
  }

  phase(): Promise<string | null> {
    return this.frame.evaluate(() => document.querySelector<HTMLElement>('.inspected')?.dataset['phase'] ?? null)
  }

  async waitForPhase(is: string): Promise<void> {
    await waitUntil(
      () => this.phase(),
      (seen) => seen === is,
      `phase '${is}'`,
    )
  }

  /** Writes down when the panel comes into each phase from here on; resolves with how to read when it last did. */
  async watchPhases(): Promise<(is: string) => Promise<number | null>> {
    await this.frame.evaluate(() => {
      const root = document.querySelector<HTMLElement>('.inspected')!
      globalThis.phasesSince = {}
      new MutationObserver(() => {
        globalThis.phasesSince[root.dataset['phase']!] = Date.now()
      }).observe(root, { attributes: true, attributeFilter: ['data-phase'] })
    })
    return (is) => this.frame.evaluate((phase) => globalThis.phasesSince[phase] ?? null, is)
  }

  /** Events that the filter lets through. */
  async rows(): Promise<number> {
    return this.frame.evaluate(() => {
      const grid = document.querySelector('[role=grid][aria-label=Events]')
      return grid === null ? -1 : Number(grid.getAttribute('aria-rowcount'))
    })
  }

  async waitForRows(count: number): Promise<void> {
    await waitUntil(
      () => this.rows(),
      (seen) => seen === count,
      `${count} rows`,
    )
  }

  async filter(text: string): Promise<void> {
    await this.frame.evaluate((wanted) => {
      const box = document.querySelector<HTMLInputElement>('[role=searchbox][aria-label=Filter]')!
      box.value = wanted
      box.dispatchEvent(new Event('input', { bubbles: true }))
    }, text)
  }

  text(selector = 'body'): Promise<string> {
    return this.frame.evaluate((of) => document.querySelector<HTMLElement>(of)?.innerText ?? '', selector)
  }

  async waitForText(part: string | RegExp, selector = 'body'): Promise<void> {
    const isThere = (seen: string): boolean => (typeof part === 'string' ? seen.includes(part) : part.test(seen))
    await waitUntil(() => this.text(selector), isThere, String(part))
  }

  /** Presses what has this role and name. */
  async press(role: string, name: string): Promise<void> {
    const found = await this.frame.waitForSelector(`::-p-aria([role="${role}"][name="${name}"])`, { timeout: 15_000 })
    await found!.evaluate((element) => {
      ;(element as HTMLElement).focus()
      ;(element as HTMLElement).click()
    })
  }

  /** Presses a key while the log has the focus. Puppeteer's own keys and clicks end at DevTools and do not reach its frames. */
  async key(key: string): Promise<void> {
    await this.frame.evaluate((pressed) => {
      const grid = document.querySelector<HTMLElement>('[role=grid][aria-label=Events]')!
      grid.focus()
      grid.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true, cancelable: true }))
    }, key)
  }

  async picture(name: string): Promise<void> {
    await this.devtools.bringToFront()
    // The panel is drawn by a process of its own: without it the picture shows what was there before.
    for (const drawn of [this.frame, this.devtools]) {
      await drawn.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    }
    await this.devtools.screenshot({ path: `${pictures}/${name}.png` })
  }

  async close(): Promise<void> {
    await this.devtools.close()
  }
}

/** What a browser downloads, in a folder of its own. */
export class Downloads {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  static async of(browser: Browser): Promise<Downloads> {
    const folder = await mkdtemp(join(tmpdir(), 'downloads-'))
    const session = await browser.target().createCDPSession()
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder })
    return new Downloads(folder)
  }

  /** The text of the one file, once it is whole: until then Firefox keeps its place with an empty one. */
  async text(): Promise<{ name: string; text: string }> {
    return until(async () => {
      const name = (await readdir(this.#folder)).find((file) => /\.(json|ndjson)$/.test(file))
      const text = name === undefined ? '' : await readFile(join(this.#folder, name), 'utf8')
      return name === undefined || text === '' ? null : { name, text }
    })
  }

  get folder(): string {
    return this.#folder
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  const found = await waitUntil(look, (seen) => seen !== null, 'something')
  return found!
}

/** Looks until what is seen is what is waited for; where it never is, says what was seen last. */
async function waitUntil<T>(look: () => Promise<T>, isIt: (seen: T) => boolean, wanted: string): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (isIt(seen)) return seen
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain for ${wanted}; there is ${JSON.stringify(seen)}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
