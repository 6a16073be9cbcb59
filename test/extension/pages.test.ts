import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { DevToolsPanel, launchWithExtension } from '../kit/devtools.js'
import { page as html, servePages } from '../kit/extension-pages.js'
import type { StaticServer } from '../kit/static-server.js'

let browser: Browser
let server: StaticServer
let page: Page
let lastStore = 0

const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

beforeAll(async () => {
  server = await servePages({
    answers: {
      '/csp': html('<script type="module" src="/app.js"></script>'),
      '/isolated': html('<script type="module" src="/app.js"></script>'),
      '/frames': html('<script src="/frames.js"></script>'),
      '/frames.js': {
        type: 'text/javascript',
        body: `for (const src of new URLSearchParams(location.search).getAll('src')) {
          const frame = document.createElement('iframe')
          frame.src = src
          document.body.append(frame)
        }`,
      },
    },
    headersByPath: {
      '/csp': {
        'content-security-policy': "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'",
      },
      '/isolated': isolated,
    },
  })
  browser = await launchWithExtension()
})

afterEach(async () => {
  await page?.close()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Names that no other test has: all share one origin. */
const fresh = (name: string): string => `${name}-${++lastStore}`
const otherOrigin = (): string => server.origin.replace('127.0.0.1', 'localhost')

async function inspect(path: string): Promise<DevToolsPanel> {
  page = await browser.newPage()
  await page.goto(server.origin + path)
  return DevToolsPanel.open(page)
}

const choices = (panel: DevToolsPanel): Promise<string[]> =>
  panel.frame.$$eval('.store-picker option', (options) =>
    options.map((one) => `${one.parentElement?.getAttribute('label') ?? ''}: ${one.textContent}`),
  )

test.each(['/csp', '/isolated'])('a page at %s is shown', async (path) => {
  const panel = await inspect(`${path}?stores=${fresh('shop')}`)
  await panel.waitForPhase('connected')
  await panel.waitForRows(3)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(path === '/isolated')
})

test('stores of the page and of its frames, of the same origin and of another, are all offered', async () => {
  const [outer, same, other] = [fresh('outer'), fresh('same'), fresh('other')]
  const src = [`/app?stores=${same}`, `${otherOrigin()}/app?stores=${other}`].map(encodeURIComponent)
  const panel = await inspect(`/frames?stores=${outer}&src=${src.join('&src=')}`)
  await panel.waitForPhase('connected')
  await expect
    .poll(() => choices(panel), { timeout: 15_000 })
    .toEqual([`Frame ${server.origin}/app: ${same}`, `Frame ${otherOrigin()}/app: ${other}`])
  await panel.frame.select('.store-picker select', await optionOf(panel, other))
  await panel.waitForText(other, '.store-name')
  await panel.waitForRows(3)
  await panel.picture('frames')
})

test('a frame that comes later is found', async () => {
  const [outer, inner] = [fresh('outer'), fresh('inner')]
  const panel = await inspect(`/app?stores=${outer}`)
  await panel.waitForPhase('connected')
  await page.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = src
    document.body.append(frame)
  }, `/app?stores=${inner}`)
  await expect.poll(() => choices(panel), { timeout: 15_000 }).toContain(`Frame ${server.origin}/app: ${inner}`)
  await panel.waitForText(outer, '.store-name')
})

test('of several stores the one that is chosen stays, through a reload too', async () => {
  const [first, second] = [fresh('first'), fresh('second')]
  const panel = await inspect(`/app?stores=${first},${second}&events=2`)
  await panel.waitForPhase('connected')
  await panel.waitForText(first, '.store-name')
  await panel.frame.select('.store-picker select', await optionOf(panel, second))
  await panel.waitForText(second, '.store-name')
  await panel.waitForRows(2)
  await page.reload()
  await panel.waitForRows(4)
  expect(await panel.text('.store-name')).toBe(second)
})

test('a page without the library says so, and how to have it', async () => {
  const panel = await inspect('/bare')
  await panel.waitForPhase('no-library')
  expect(await panel.text()).toContain("import { openStore } from 'tabscribe'")
  expect(await panel.text()).toContain(`${server.origin}/bare`)
  await panel.picture('no-library')
})

test('a library that loads late is shown when it does', async () => {
  const panel = await inspect(`/app?late&stores=${fresh('late')}`)
  await panel.waitForPhase('no-library')
  await page.evaluate(() => globalThis.openLate())
  await panel.waitForPhase('connected')
  await panel.waitForRows(3)
})

test('a store that is closed is shown dimmed until it is opened again', async () => {
  const name = fresh('shop')
  const panel = await inspect(`/app?stores=${name}`)
  await panel.waitForRows(3)
  await page.evaluate((store) => globalThis.stores[store]!.close(), name)
  await panel.waitForPhase('absent')
  await panel.picture('absent')
  await page.evaluate(() => globalThis.openLate())
  await panel.waitForPhase('connected')
  await panel.waitForRows(6)
})

test('a page that was left for one without the store, and gone back to, is shown again', async () => {
  const panel = await inspect(`/app?stores=${fresh('shop')}`)
  await panel.waitForRows(3)
  await page.goto(`${server.origin}/bare`)
  await expect.poll(() => panel.phase(), { timeout: 15_000 }).toMatch(/cached|absent/)
  await panel.picture(String(await panel.phase()))
  await page.goBack()
  await panel.waitForPhase('connected')
})

test('two panels on two tabs show the same log', async () => {
  const name = fresh('shared')
  const first = await inspect(`/app?stores=${name}`)
  const firstPage = page
  await first.waitForRows(3)
  const second = await inspect(`/app?stores=${name}`)
  await second.waitForRows(6)
  await first.waitForRows(6)
  await firstPage.close()
})

test('an origin that is not allowed is asked for by name', async () => {
  page = await browser.newPage()
  await page.setRequestInterception(true)
  page.on('request', (request) => void request.respond({ contentType: 'text/html', body: '<title>app</title>' }))
  await page.goto('https://app.example/shop')
  const panel = await DevToolsPanel.open(page)
  await panel.waitForPhase('no-permission')
  expect(await panel.text()).toContain('Allow https://app.example…')
  await panel.picture('no-permission')
})

test('a page that extensions are kept out of says why', async () => {
  page = await browser.newPage()
  await page.goto(`${server.origin}/start/`)
  const panel = await DevToolsPanel.open(page)
  await panel.waitForPhase('connected')
  // Nothing answers there: the browser shows a page of its own.
  await page.goto('http://127.0.0.1:1/').catch(() => {})
  await panel.waitForPhase('refused')
  await panel.picture('refused')
})

async function optionOf(panel: DevToolsPanel, store: string): Promise<string> {
  return panel.frame.$$eval(
    '.store-picker option',
    (options, name) => (options.find((one) => one.textContent === name) as HTMLOptionElement).value,
    store,
  )
}
