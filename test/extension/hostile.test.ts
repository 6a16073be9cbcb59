import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DevToolsPanel, launchWithExtension } from '../kit/devtools.js'
import { servePages } from '../kit/extension-pages.js'
import { hostilePages } from '../kit/hostile-pages.js'
import type { StaticServer } from '../kit/static-server.js'

let browser: Browser
let server: StaticServer

beforeAll(async () => {
  server = await servePages({ answers: hostilePages })
  browser = await launchWithExtension()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function inspect(path: string): Promise<{ page: Page; panel: DevToolsPanel; errors: string[] }> {
  const page = await browser.newPage()
  await page.goto(server.origin + path)
  const panel = await DevToolsPanel.open(page)
  const errors: string[] = []
  panel.devtools.on('pageerror', (error) => errors.push(String(error)))
  return { page, panel, errors }
}

test('a page that has replaced what it can is shown all the same', async () => {
  const { page, panel } = await inspect('/hooked?stores=hooked')
  await panel.waitForPhase('connected')
  await panel.waitForRows(3)
  await page.close()
})

test('what a page posts to itself in our name ends nothing', async () => {
  const { page, panel } = await inspect('/noise?stores=noise')
  await panel.waitForPhase('connected')
  await panel.waitForRows(3)
  await page.close()
})

test('a store that lies is shown as far as it makes sense: as text, with faults for the rest', async () => {
  const { page, panel, errors } = await inspect('/liar')
  await panel.waitForPhase('connected')
  await panel.waitForRows(2)
  await panel.waitForText('<img src=x onerror=', '[role=grid]')
  await panel.key('End')
  await panel.key('Enter')
  await panel.waitForText('<img src=x onerror=', '.detail')
  for (const view of ['Snapshot', 'Counters', 'Memory', 'Health', 'Events', 'Timeline']) await panel.press('tab', view)
  await panel.picture('hostile')
  const reached = await panel.frame.evaluate(() => ({
    reached: 'reached' in globalThis || 'reached' in {},
    images: document.querySelectorAll('img, script:not([src])').length,
  }))
  expect(reached).toEqual({ reached: false, images: 0 })
  expect(errors).toEqual([])
  await page.close()
})
