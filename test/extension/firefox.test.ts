import { mkdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../kit/devtools.js'
import { page as html, servePages } from '../kit/extension-pages.js'
import { FirefoxPanel } from '../kit/firefox-panel.js'
import type { StaticServer } from '../kit/static-server.js'

let server: StaticServer
let panel: FirefoxPanel

beforeAll(async () => {
  server = await servePages({
    answers: {
      '/csp': html('<script type="module" src="/app.js"></script>'),
      '/frame': html('<iframe src="/app?stores=inner"></iframe>'),
    },
    headersByPath: {
      '/csp': {
        'content-security-policy': "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'",
      },
    },
  })
  panel = await FirefoxPanel.start()
})

afterAll(async () => {
  await panel?.firefox.close()
  await server?.close()
})

const patience = { timeout: 30_000, interval: 100 }
const inPage = (body: string): Promise<unknown> => panel.firefox.run('content', body)

async function pressInPage(): Promise<void> {
  await inPage(`document.querySelector('#playground').open = true`)
  await panel.firefox.click(`//button[text()='Press me']`)
}

test("the toolbox's panel shows what the start page records, as it does", async () => {
  await panel.open(`${server.origin}/start/`)
  await expect.poll(() => panel.phase(), patience).toBe('connected')
  await panel.filter('type:click "Press me"')
  await expect.poll(() => panel.rows(), patience).toBe(0)
  await pressInPage()
  await expect.poll(() => panel.rows(), patience).toBe(1)
  await mkdir(pictures, { recursive: true })
  await writeFile(`${pictures}/firefox.png`, await panel.picture())
})

test('after a reload the old events are there, and the new ones come', async () => {
  await panel.firefox.command('Marionette:SetContext', { value: 'content' })
  await panel.firefox.command('WebDriver:Refresh')
  await expect.poll(() => panel.phase(), patience).toBe('connected')
  await pressInPage()
  await expect.poll(() => panel.rows(), patience).toBe(2)
})

test('the way to the page is measured here too', async () => {
  await inPage(
    `[...document.querySelectorAll('button')].find((one) => one.textContent === 'Record 100,000 events').click()`,
  )
  await panel.filter('topic:shop')
  await expect.poll(() => panel.rows(), patience).toBe(100_000)
  await panel.filter('')
  await panel.press('button', 'Export')
  await panel.press('tab', 'Health')
  await expect.poll(() => panel.text(), patience).toMatch(/throughput\s+[\d.]+ MB\/s/)
  const [, p50] = /round trip p50\s+([\d.]+) ms/.exec(await panel.text())!
  const [, rate] = /throughput\s+([\d.]+) MB\/s/.exec(await panel.text())!
  console.log(`Firefox: round trip p50 ${p50} ms, throughput ${rate} MB/s`)
  expect(Number(p50)).toBeLessThan(50)
})

test.each([
  ['/csp?stores=strict', 'strict'],
  ['/frame', 'inner'],
])('a page at %s is shown', async (path, store) => {
  await panel.open(server.origin + path)
  await expect.poll(() => panel.rows(), patience).toBe(3)
  expect(await panel.text()).toContain(store)
})

test('a page without the library says so', async () => {
  await panel.open(`${server.origin}/bare`)
  await expect.poll(() => panel.phase(), patience).toBe('no-library')
})
