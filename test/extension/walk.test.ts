import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DevToolsPanel, Downloads, launchWithExtension } from '../kit/devtools.js'
import { servePages } from '../kit/extension-pages.js'
import type { StaticServer } from '../kit/static-server.js'

let browser: Browser
let server: StaticServer
let page: Page
let panel: DevToolsPanel

beforeAll(async () => {
  server = await servePages()
  browser = await launchWithExtension()
  page = await browser.newPage()
  await page.goto(`${server.origin}/start/`)
  panel = await DevToolsPanel.open(page)
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** By the mouse: the page records what a person does, not what a script does. */
async function pressInPage(times: number): Promise<void> {
  await page.bringToFront()
  await page.$eval('#playground', (details) => details.setAttribute('open', ''))
  const button = await page.waitForSelector('::-p-aria([name="Press me"][role="button"])')
  for (let at = 0; at < times; at++) await button!.click()
}

test('the panel shows what the start page records, as it does', async () => {
  await panel.waitForPhase('connected')
  await panel.waitForText('flight-recorder', '.store-name')
  // Docked as low as this, the timeline leaves the log no room.
  await panel.press('tab', 'Events')
  await panel.key('Home')
  await panel.waitForText(/viewing 0\b/)
  await panel.key('[')
  await panel.filter('type:click "Press me"')
  await panel.waitForRows(0)
  await pressInPage(3)
  await panel.waitForRows(3)
  await panel.picture('connected')
})

test('an event that is selected shows its data, the state after it and what differs between two', async () => {
  await panel.key('End')
  await panel.key('Enter')
  await panel.waitForText('Press me', '.detail')
  await panel.key(']')
  await panel.press('tab', 'State')
  await panel.waitForText('Press me', '.detail [role=tree]')
  await panel.press('tab', 'Diff A↔B')
  await panel.waitForText(/A 0 · B \d+[^]*input[^]*Press me/, '.detail')
  await panel.picture('diff')
  await panel.press('tab', 'Event')
})

test('what is shown is exported as JSON', async () => {
  const downloads = await Downloads.of(browser)
  try {
    await panel.press('button', 'Export')
    const { name, text } = await downloads.text()
    expect(name).toMatch(/^flight-recorder-.*\.json$/)
    const file = JSON.parse(text) as { format: string; store: string; events: { type: string }[] }
    expect(file).toMatchObject({ format: 'tabscribe', store: 'flight-recorder' })
    expect(file.events.map(({ type }) => type)).toEqual(['click', 'click', 'click'])
  } finally {
    await downloads.remove()
  }
})

test('the page loaded anew, the old events are there and the new ones come, within a second, and so does what was set', async () => {
  const sinceWhen = await panel.watchPhases()
  await page.reload()
  await page.waitForSelector('#record:not([disabled])')
  const openAt = Date.now()
  await expect.poll(() => sinceWhen('connected'), { timeout: 45_000 }).not.toBeNull()
  expect((await sinceWhen('connected'))! - openAt).toBeLessThan(1000)
  await pressInPage(2)
  await panel.waitForRows(5)
  expect(await panel.frame.$eval('[role=searchbox]', (box) => (box as HTMLInputElement).value)).toBe(
    'type:click "Press me"',
  )
  await panel.waitForText('Press me', '.detail')
})

// The figures are printed: what they are on a busy machine says nothing of the way.
test('Health tells how fast the way to the page is: round trips, and large answers', async () => {
  await panel.filter('')
  await page.evaluate(() => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent === 'Record 100,000 events')!
    button.click()
  })
  await panel.filter('topic:shop')
  await panel.waitForRows(100_000)
  await panel.filter('')
  const downloads = await Downloads.of(browser)
  try {
    await panel.press('button', 'Export')
    await downloads.text()
  } finally {
    await downloads.remove()
  }
  await panel.press('tab', 'Health')
  await panel.waitForText(/throughput\s+[\d.]+ [MG]B\/s/)
  // Each time it is asked it goes there and back some times more: by then those of a busy page are outnumbered.
  const told = new Set<string>()
  await expect.poll(async () => told.add(await panel.text()).size, { timeout: 50_000 }).toBeGreaterThan(6)
  const text = await panel.text()
  const [, roundTrip] = /round trip p50\s+([\d.]+ ms)/.exec(text)!
  const [, throughput] = /throughput\s+([\d.]+ [MG]B\/s)/.exec(text)!
  console.log(`round trip p50 ${roundTrip}, throughput ${throughput}`)
  await panel.picture('health')
})
