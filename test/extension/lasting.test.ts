import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DevToolsPanel, launchWithExtension } from '../kit/devtools.js'
import { servePages } from '../kit/extension-pages.js'
import type { StaticServer } from '../kit/static-server.js'

/** `TABSCRIBE_IDLE_MS=600000` is ten minutes. */
const idleMs = Number(process.env['TABSCRIBE_IDLE_MS'] ?? 35_000)

let browser: Browser
let server: StaticServer

beforeAll(async () => {
  server = await servePages()
  browser = await launchWithExtension()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function inspect(store: string, events = 3): Promise<{ page: Page; panel: DevToolsPanel }> {
  const page = await browser.newPage()
  await page.goto(`${server.origin}/app?stores=${store}&events=${events}`)
  const panel = await DevToolsPanel.open(page)
  await panel.waitForPhase('connected')
  await panel.waitForRows(events)
  return { page, panel }
}

const append = (page: Page, store: string): Promise<unknown> =>
  page.evaluate((name) => globalThis.stores[name]!.topic('cart').append({ type: 'added' }), store)

// Thirty seconds without a word end what goes through a service worker.
test(
  'after a time without anything the next event is shown as before',
  async () => {
    const { page, panel } = await inspect('idle')
    await new Promise((resolve) => setTimeout(resolve, idleMs))
    const before = Date.now()
    await append(page, 'idle')
    await panel.waitForRows(4)
    console.log(`after ${idleMs / 1000} s idle an event is shown in ${Date.now() - before} ms`)
    expect(await panel.phase()).toBe('connected')
    await page.close()
  },
  idleMs + 60_000,
)

/** How its user looks at the log. */
const look = (panel: DevToolsPanel): Promise<Record<string, unknown>> =>
  panel.frame.evaluate(() => ({
    filter: document.querySelector<HTMLInputElement>('[role=searchbox]')!.value,
    place: document.querySelector('[role=grid][aria-label=Events]')!.scrollTop,
    marks: /A \d+ · B \d+/.exec(document.querySelector<HTMLElement>('.detail')!.innerText)?.[0],
  }))

test('reload and navigation leave the filter, the pins, the marks and the place in the log as they were', async () => {
  const { page, panel } = await inspect('kept', 400)
  await panel.press('button', 'Pin cart')
  // Docked as low as this, the timeline leaves the log no room.
  await panel.press('tab', 'Events')
  await panel.filter('type:added')
  await panel.key('End')
  await panel.waitForText(/viewing 399\b/)
  await panel.key('[')
  for (const place of [398, 397]) {
    await panel.key('ArrowUp')
    await panel.waitForText(`viewing ${place}`)
  }
  await panel.key(']')
  await panel.key('Enter')
  await panel.press('tab', 'Diff A↔B')
  await panel.waitForText('A 399 · B 397', '.detail')
  const before = await look(panel)
  expect(before).toMatchObject({ filter: 'type:added', marks: 'A 399 · B 397' })
  expect(before['place']).toBeGreaterThan(0)
  await page.reload()
  await panel.waitForRows(800)
  expect(await look(panel)).toEqual(before)
  await page.goto(`${server.origin}/app?stores=kept&events=5`)
  await panel.waitForRows(805)
  expect(await look(panel)).toEqual(before)
  await panel.press('tab', 'Timeline')
  await panel.frame.waitForSelector('[aria-label="Pin cart"][aria-pressed=true]')
  await page.close()
})

test('the writer dies, and the panel goes on with the next one', async () => {
  const { page, panel } = await inspect('dying')
  const worker = browser.targets().find((target) => String(target.type()) === 'shared_worker')
  const session = await worker!.createCDPSession()
  await session.send('Runtime.evaluate', { expression: 'self.close()' })
  await append(page, 'dying')
  await panel.waitForRows(4)
  expect(await panel.phase()).toBe('connected')
  await page.close()
})

test('once the extension is gone from under it, the panel says what to do', async () => {
  const { page, panel } = await inspect('gone')
  await panel.frame.evaluate(() => Object.defineProperty(chrome, 'runtime', { value: undefined }))
  await panel.waitForPhase('updated')
  expect(await panel.text('.phase-bar')).toContain('Close DevTools and open them again')
  await panel.picture('updated')
  await page.close()
})

// Chromium closes DevTools that show a panel of an extension that is reloaded. What is left of it in the page must not
// be in the way of the next one.
test('the extension is reloaded, and DevTools that are opened again show the log', async () => {
  const { page, panel } = await inspect('reloaded')
  const closed = new Promise((resolve) => panel.devtools.once('close', resolve))
  await panel.frame.evaluate(() => void setTimeout(() => chrome.runtime.reload()))
  await closed
  const again = await DevToolsPanel.open(page)
  await again.waitForPhase('connected')
  await again.waitForRows(3)
  await append(page, 'reloaded')
  await again.waitForRows(4)
  expect(await again.phase()).toBe('connected')
  await page.close()
})
