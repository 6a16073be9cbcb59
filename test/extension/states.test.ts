import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { DEVTOOLS_VERSION } from '../../src/protocol/devtools.js'
import { DevToolsPanel, launchWithExtension } from '../kit/devtools.js'
import { page as html, servePages } from '../kit/extension-pages.js'
import type { StaticServer } from '../kit/static-server.js'

let browser: Browser
let server: StaticServer
let page: Page

// A store that says nothing, whatever it is asked, as in a page that stands still in a debugger.
const mute = `
const search = new URLSearchParams(location.search)
const store = { version: Number(search.get('version')), name: search.get('store'), producer: 'p', serve() {} }
const registry = (globalThis[Symbol.for('tabscribe.devtools')] ??= { stores: new Set(), onChange: null })
registry.stores.add(store)
registry.onChange?.()
`

beforeAll(async () => {
  server = await servePages({ answers: { '/mute': html('', `<script>${mute}</script>`) } })
  browser = await launchWithExtension()
})

afterEach(async () => {
  await page?.close()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function inspect(path: string): Promise<DevToolsPanel> {
  page = await browser.newPage()
  await page.goto(server.origin + path)
  return DevToolsPanel.open(page)
}

const mutePage = (store: string, version: number): string =>
  `${server.origin}/mute?${new URLSearchParams({ store, version: String(version) })}`

test('a store that does not answer is asked again, over what it told before, and is there when it answers', async () => {
  const app = '/app?stores=silent&events=40'
  const panel = await inspect(app)
  await panel.waitForRows(40)
  await page.goto(mutePage('silent', DEVTOOLS_VERSION))
  await panel.waitForPhase('reconnecting')
  await panel.waitForText(/Reconnecting, attempt [1-9]\d*\. The page did not answer\./, '.phase-bar')
  expect(await panel.rows()).toBe(40)
  await panel.picture('reconnecting')
  await page.goto(server.origin + app)
  await panel.waitForPhase('connected')
  await panel.waitForRows(80)
})

test('a library of another version is told with both versions, over what was seen before', async () => {
  const panel = await inspect('/app?stores=newer&events=40')
  await panel.waitForRows(40)
  await page.goto(mutePage('newer', DEVTOOLS_VERSION + 1))
  await panel.waitForPhase('other-version')
  const said = await panel.text('.phase-bar')
  expect(said).toContain(
    `version ${DEVTOOLS_VERSION + 1} of their common language, this extension version ${DEVTOOLS_VERSION}`,
  )
  expect(said).toContain('update the extension')
  expect(await panel.rows()).toBe(40)
  await panel.picture('other-version')
})

test('a library of an older version fills the panel with what to update', async () => {
  const panel = await inspect(`/mute?${new URLSearchParams({ store: 'older', version: '0' })}`)
  await panel.waitForPhase('other-version')
  expect(await panel.text('.obstacle')).toContain('update the library')
  await panel.picture('other-version-first')
})
