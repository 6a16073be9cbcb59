/**
 * `npm run picture`: makes docs/devtools.png, the README's picture of DevTools with the page beside it. Needs Xvfb and
 * ImageMagick; the extension and the start page are built anew.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'
import buildExtension from '../kit/build-extension-once.js'
import { findBrowser } from '../kit/find-browser.js'
import { serveFolder } from '../kit/static-server.js'

/** @import { Frame, Page } from 'puppeteer-core' */

const root = fileURLToPath(new URL('../../', import.meta.url))
const target = join(root, 'docs', 'devtools.png')
const width = 1280
const height = 1000
const mostBytes = 300_000

buildExtension()
const profile = mkdtempSync(join(tmpdir(), 'picture-'))
// Docked to the bottom: beside the page its tabs would hide.
mkdirSync(join(profile, 'Default'))
writeFileSync(
  join(profile, 'Default', 'Preferences'),
  JSON.stringify({
    devtools: {
      preferences: {
        currentDockState: '"bottom"',
        'inspector-view.split-view-state': '{"horizontal":{"size":600}}',
        'InspectorView.splitViewState': '{"horizontal":{"size":600}}',
      },
    },
  }),
)
const screen = await startScreen()
const server = await serveFolder(join(root, 'artifacts', 'start-page'))
const browser = await puppeteer.launch({
  executablePath: findBrowser(),
  headless: false,
  pipe: true,
  userDataDir: profile,
  enableExtensions: [join(root, 'artifacts', 'extension', 'chromium')],
  handleDevToolsAsPage: true,
  defaultViewport: null,
  env: { ...process.env, DISPLAY: screen.display },
  args: ['--no-sandbox', '--window-position=0,0', `--window-size=${width},${height}`, '--no-first-run', '--lang=en-GB'],
})
try {
  const [page] = await browser.pages()
  if (page === undefined) throw new Error('The browser has no page.')
  await page.goto(`${server.origin}/`)
  await useIt(page)
  await showSomething(await openPanel(page))
  execFileSync('import', ['-display', screen.display, '-window', 'root', '-colors', '200', '-strip', `png8:${target}`])
} finally {
  await browser.close()
  await server.close()
  screen.stop()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
}
const { size } = statSync(target)
console.log(`docs/devtools.png: ${Math.round(size / 1000)} kB`)
if (size > mostBytes) throw new Error(`The picture is larger than ${mostBytes / 1000} kB.`)

/** @param {Page} page */
async function useIt(page) {
  await page.waitForSelector('#record:not([disabled])')
  await page.click('summary')
  for (const name of ['Press me', 'Fetch a resource', 'Press me', 'Throw an error', 'Press me', 'Reject a promise']) {
    const button = await page.waitForSelector(`::-p-text(${name})`)
    await button?.click()
    await page.keyboard.press('Tab')
    // Apart in time, so that the lanes show something.
    await new Promise((resolve) => setTimeout(resolve, 700))
  }
}

/**
 * DevTools may be loaded twice when they are opened for the first time: looks until the panel shows rows.
 * @param {Page} page
 * @returns {Promise<Frame>}
 */
async function openPanel(page) {
  const giveUpAt = Date.now() + 60_000
  for (;;) {
    try {
      const devtools = await page.openDevTools()
      const tab = await devtools.$('pierce/[role=tab][aria-label="tabscribe"]')
      if ((await tab?.evaluate((element) => element.getAttribute('aria-selected'))) === 'false') await tab?.click()
      const panel = devtools.frames().find((frame) => frame.url().endsWith('/panel.html'))
      if (await panel?.$('.inspected[data-phase=connected] [role=grid]')) return /** @type {Frame} */ (panel)
    } catch (trouble) {
      if (!/detached|closed/i.test(String(trouble))) throw trouble
    }
    if (Date.now() > giveUpAt) throw new Error('The panel does not show the store.')
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

/**
 * Selects the last click, which opens its detail.
 * @param {Frame} panel
 */
async function showSomething(panel) {
  // Puppeteer's own keys and clicks end at DevTools and do not reach its frames.
  for (const key of ['End', 'Enter']) {
    await panel.$eval(
      '[role=grid]',
      (grid, pressed) => void grid.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true })),
      key,
    )
  }
  await new Promise((resolve) => setTimeout(resolve, 1500))
}

/** A screen of its own, of just the window's size. */
async function startScreen() {
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const told = server.stdio[3]
  const display = await new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('There is no Xvfb: install it (on Debian: apt-get install xvfb).')))
    told?.once('data', (/** @type {Buffer} */ text) => resolve(`:${text.toString().trim()}`))
  })
  return { display, stop: () => server.kill() }
}
