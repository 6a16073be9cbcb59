import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser, repositoryRoot } from '../kit/browser.js'
import { freePort } from '../kit/free-port.js'

interface ExportedEvent {
  topic: string
  position: number
  sequence: number
  type: string
  data: Record<string, unknown>
  producer: string
  producerSeq: number
}
interface Exported {
  format: string
  version: number
  store: string
  sequence: number
  events: ExportedEvent[]
}

let server: ChildProcess
let origin: string
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  server = await serveStartPage(port)
  browser = await launchBrowser()
  await mkdir(`${repositoryRoot}artifacts`, { recursive: true })
})

afterAll(async () => {
  await browser?.close()
  // The whole process group: npm, its shell and vite.
  if (server?.pid !== undefined && server.exitCode === null) process.kill(-server.pid)
})

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
})

afterEach(() => context.close())

test('a click in one tab shows in the log of the other', async () => {
  const first = await openTab()
  const [second] = await Promise.all([
    context.waitForEvent('page'),
    first.getByRole('button', { name: 'Open another tab' }).click(),
  ])
  await filter(second, 'type:click "Press me"')
  await expectRows(second, 0)
  await first.getByRole('button', { name: 'Press me' }).click()
  await expectRows(second, 1)
  await second.getByRole('row').filter({ hasText: 'Press me' }).waitFor()
  await expect
    .poll(() => second.locator('#tab').textContent(), { timeout: 10_000 })
    .toMatch(/ · shared-worker · 2 tabs$/)
})

test('eight tabs write one log, and each shows all of it', async () => {
  const tabs = await Promise.all(Array.from({ length: 8 }, openTab))
  await Promise.all(tabs.map((tab) => filter(tab, 'type:click "Press me"')))
  for (const tab of tabs) {
    await tab.bringToFront()
    await tab.getByRole('button', { name: 'Press me' }).click()
  }
  for (const tab of tabs) {
    await tab.bringToFront()
    await expectRows(tab, 8)
  }
  const { json } = await exported(tabs[7]!)
  expectInOrder(json)
  expect(new Set(json.events.map((event) => event.producer)).size).toBe(8)
})

test('what is typed is nowhere in the export, though the typing is', async () => {
  const page = await openTab()
  await page.getByLabel('Never recorded text').pressSequentially('xylophone Quartz 4711!')
  await page.getByLabel('Never recorded text').click()
  await page.getByRole('searchbox', { name: 'Filter' }).pressSequentially('zyzzyva')
  await filter(page, '')
  const { text, json } = await exported(page)
  expect(text).not.toMatch(/xylophone|quartz|4711|zyzzyva/i)
  const keys = json.events.filter((event) => event.type === 'key')
  const inField = keys.filter((event) => event.data['label'] === 'Never recorded text')
  const count = (kind: string) => inField.filter((event) => event.data['kind'] === kind).length
  expect([count('letter'), count('digit'), count('space'), count('punctuation')]).toEqual([15, 4, 2, 1])
  expect(keys.filter((event) => String(event.data['key'] ?? 'named').length === 1)).toEqual([])
})

test('moves, errors, rejections, resources and long tasks are all recorded', async () => {
  const page = await openTab()
  await page.getByRole('link', { name: 'Go to #runway' }).click()
  for (const name of ['Throw an error', 'Reject a promise', 'Fetch a resource', 'Block for 120 ms'])
    await page.getByRole('button', { name }).click()
  const told = ['load', 'hashchange', 'error', 'rejection', 'resource', 'longtask']
  for (const type of told) {
    await filter(page, `type:/^${type}$/`)
    await expect.poll(() => rowCount(page), { timeout: 10_000, message: type }).toBeGreaterThan(0)
  }
})

test('queries in SQLite and the files of the page are recorded as memory, and give all of it back', async () => {
  const page = await openTab()
  for (const run of [1, 2]) {
    await page.getByRole('button', { name: 'Run queries in SQLite (wasm)' }).click()
    await page.getByText(/^160 orders, mostly \w+: [\d,]+ memory events in \d+ ms$/).waitFor()
    await filter(page, 'topic:memory type:/^deallocate$/')
    await expect.poll(() => rowCount(page), { timeout: 10_000 }).toBeGreaterThan(run * 1000)
  }
  await filter(page, '')
  const { json } = await exported(page)
  const memory = json.events.filter((event) => event.topic === 'memory')
  const count = (type: string) => memory.filter((event) => event.type === type).length
  expect(count('allocate')).toBe(count('deallocate'))
  // The export itself is a file that is offered for download.
  await filter(page, 'topic:memory "blob:"')
  await expect.poll(() => rowCount(page), { timeout: 10_000 }).toBeGreaterThan(0)
})

test('all tabs closed and one opened anew, everything is there, once and in order', async () => {
  const tabs = [await openTab(), await openTab()]
  for (const tab of tabs) {
    await tab.getByRole('button', { name: 'Press me' }).click({ clickCount: 5 })
    await tab.getByRole('link', { name: 'Go to #runway' }).click()
  }
  const before = (await exported(tabs[0]!)).json
  await Promise.all(tabs.map((tab) => tab.close()))
  const after = (await exported(await openTab())).json
  expectInOrder(after)
  const kept = new Map(after.events.map((event) => [event.sequence, event]))
  expect(before.events.map((event) => kept.get(event.sequence))).toEqual(before.events)
  expect(new Set(before.events.map((event) => event.producer)).size).toBe(2)
})

test('"Record 100,000 events" adds that many to the grid and to the export', async () => {
  const page = await openTab()
  const record = page.getByRole('button', { name: 'Record 100,000 events' })
  await filter(page, 'topic:shop')
  await expectRows(page, 0)
  await watchProgress(page, Number.POSITIVE_INFINITY)
  for (const run of [1, 2]) {
    await record.click()
    await expectRows(page, 100_000 * run)
    await page.getByText(/^100,000 events committed in /).waitFor()
    expect(await record.isEnabled()).toBe(true)
  }
  const seen = await page.evaluate(
    () => (globalThis as unknown as { seen: { disabled: boolean; done: number }[] }).seen,
  )
  expect(seen.filter(({ disabled, done }) => done > 0 && done < 100_000 && !disabled)).toEqual([])
  expect(new Set(seen.map(({ done }) => done)).size).toBeGreaterThan(10)
  const { json } = await exported(page)
  expect(json.events.filter((event) => event.topic === 'shop').length).toBe(200_000)
  expectInOrder(json)
})

test('a cancelled run keeps exactly what it says it recorded', async () => {
  const page = await openTab()
  await filter(page, 'topic:shop')
  await watchProgress(page, 5000)
  await page.getByRole('button', { name: 'Record 100,000 events' }).click()
  const said = await page.getByText(/^Cancelled: [\d,]+ events committed/).textContent()
  const count = Number(/[\d,]+/.exec(said ?? '')?.[0].replaceAll(',', ''))
  expect(count).toBeLessThan(100_000)
  await expectRows(page, count)
})

test('cleared, the log is empty', async () => {
  const page = await openTab()
  await filter(page, 'type:click')
  await page.getByRole('button', { name: 'Press me' }).click()
  await expectRows(page, 1)
  await clearLog(page)
  await filter(page, 'type:/^load$/')
  await expectRows(page, 0)
  expect((await exported(page)).json.events.filter((event) => event.type === 'load')).toEqual([])
})

test('where the page has to write the log itself, it says so', async () => {
  await context.addInitScript(() => ['SharedWorker', 'Worker'].map((name) => Reflect.deleteProperty(globalThis, name)))
  const page = await openTab()
  const notice = page.getByRole('status').filter({ hasText: 'not a shared worker' })
  await notice.waitFor()
  expect(await notice.textContent()).toMatch(/^Heavy recording can be felt on this page/)
})

test.each([
  ['light', 1280, 800],
  ['dark', 1280, 800],
  ['light', 360, 740],
] as const)('a picture: %s, %i × %i', async (colorScheme, width, height) => {
  await context.close()
  context = await browser.newContext({ viewport: { width, height }, colorScheme })
  const page = await openTab()
  await page.getByRole('button', { name: 'Record 100,000 events' }).click()
  await page.getByText(/^100,000 events committed in /).waitFor()
  await filter(page, '')
  await page.screenshot({ path: `${repositoryRoot}artifacts/start-page-${colorScheme}-${width}.png` })
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(sideways).toBe(0)
})

/** A tab whose log is on: its grid is there and its health is known. */
async function openTab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${origin}/`)
  await page.getByRole('grid', { name: 'Events' }).waitFor()
  await page.locator('#tab').filter({ hasText: 'this tab' }).waitFor()
  return page
}

async function filter(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Filter' }).fill(text)
}

async function rowCount(page: Page): Promise<number> {
  return Number(await page.getByRole('grid', { name: 'Events' }).getAttribute('aria-rowcount'))
}

async function expectRows(page: Page, count: number): Promise<void> {
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(count)
}

async function exported(page: Page): Promise<{ text: string; json: Exported }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^flight-recorder-\d{4}-\d\d-\d\d[T-].*\.json$/)
  const text = await readFile(await download.path(), 'utf8')
  const json = JSON.parse(text) as Exported
  expect(json).toMatchObject({ format: 'tabscribe', version: 1, store: 'flight-recorder' })
  return { text, json }
}

/** Positions without a gap in each topic, sequences rising, nothing twice. */
function expectInOrder({ events }: Exported): void {
  const next = new Map<string, number>()
  const seen = new Set<string>()
  let last = -1
  const wrong = events.filter(({ topic, position, sequence, producer, producerSeq }) => {
    const right = position === (next.get(topic) ?? 0) && sequence > last && !seen.has(`${producer} ${producerSeq}`)
    next.set(topic, position + 1)
    seen.add(`${producer} ${producerSeq}`)
    last = sequence
    return !right
  })
  expect(wrong).toEqual([])
}

async function clearLog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Clear…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('flight-recorder')
  await dialog.getByRole('button', { name: /^clear/i }).click()
  await dialog.waitFor({ state: 'hidden' })
}

/** Notes what the progress bar shows, and presses Cancel once it shows `cancelAt`. */
async function watchProgress(page: Page, cancelAt: number): Promise<void> {
  await page.evaluate((limit) => {
    const seen: { disabled: boolean; done: number }[] = []
    Object.assign(globalThis, { seen })
    const bar = document.querySelector('[role=progressbar]')!
    const button = (name: string) => [...document.querySelectorAll('button')].find((one) => one.textContent === name)
    const look = () => {
      const done = Number(bar.getAttribute('aria-valuenow'))
      seen.push({ disabled: button('Record 100,000 events')?.disabled === true, done })
      if (done >= limit) button('Cancel')?.click()
    }
    new MutationObserver(look).observe(bar, { attributes: true, attributeFilter: ['aria-valuenow'] })
  }, cancelAt)
}

/** The very `npm start`; resolves once it says where it listens. */
function serveStartPage(port: number): Promise<ChildProcess> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST$)/.test(name)))
  const started = spawn('npm', ['start', '--', '--port', String(port), '--strictPort'], {
    cwd: repositoryRoot,
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += String(chunk)
      if (said.includes(`127.0.0.1:${port}`)) resolve(started)
    }
    started.stdout?.on('data', hear)
    started.stderr?.on('data', hear)
    started.once('error', reject)
    started.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)))
  })
}
