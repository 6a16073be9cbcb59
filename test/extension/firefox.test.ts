import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { page as html, servePages } from '../kit/extension-pages.js'
import { FirefoxPanel } from '../kit/firefox-panel.js'
import { hostilePages } from '../kit/hostile-pages.js'
import type { StaticServer } from '../kit/static-server.js'

let server: StaticServer
let panel: FirefoxPanel
let exported: { path: string; json: string }

beforeAll(async () => {
  server = await servePages({
    answers: {
      '/csp': html('<script type="module" src="/app.js"></script>'),
      '/frame': html('<iframe src="/app?stores=inner"></iframe>'),
      '/framed': html(
        '<script type="module" src="/app.js"></script><iframe></iframe>',
        `<script>
          const src = new URLSearchParams(location.search).get('src')
          addEventListener('load', () => (document.querySelector('iframe').src = src), { once: true })
        </script>`,
      ),
      ...hostilePages,
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
  await panel?.close()
  await server?.close()
})

const patience = { timeout: 45_000, interval: 100 }
const phase = (): Promise<string | null> => panel.phase()
const rows = (): Promise<number> => panel.rows()
const text = (): Promise<string> => panel.text()
const detail = (): Promise<string> => panel.text('.detail')

async function pressInPage(times: number): Promise<void> {
  if (!(await panel.firefox.run('content', `return document.querySelector('#playground').open`))) {
    await panel.firefox.click(`//details[@id='playground']/summary`)
  }
  for (let at = 0; at < times; at++) await panel.firefox.click(`//button[text()='Press me']`)
}

test('the panel in the toolbox shows what the start page records, as it does', async () => {
  await panel.open(`${server.origin}/start/`)
  await expect.poll(phase, patience).toBe('connected')
  await expect.poll(text, patience).toContain('flight-recorder')
  await panel.press('tab', 'Events')
  await expect.poll(rows, patience).toBeGreaterThan(0)
  await panel.key('Home')
  await expect.poll(text, patience).toMatch(/viewing 0\b/)
  await panel.key('[')
  await panel.filter('type:click "Press me"')
  await expect.poll(rows, patience).toBe(0)
  await pressInPage(3)
  await expect.poll(rows, patience).toBe(3)
  await panel.picture('firefox')
})

test('an event that is selected shows its data, the state after it and what differs between two', async () => {
  await panel.key('End')
  await panel.key('Enter')
  await expect.poll(detail, patience).toContain('Press me')
  await panel.key(']')
  await panel.press('tab', 'State')
  await expect.poll(() => panel.text('.detail [role=tree]'), patience).toContain('Press me')
  await panel.press('tab', 'Diff A↔B')
  await expect.poll(detail, patience).toMatch(/A 0 · B \d+[^]*input[^]*Press me/)
  await panel.picture('firefox-diff')
  await panel.press('tab', 'Event')
})

test('what is shown is exported as JSON', async () => {
  await panel.press('button', 'Export')
  const { name, text: json } = await panel.downloads.text()
  exported = { path: join(panel.downloads.folder, name), json }
  expect(name).toMatch(/^flight-recorder-.*\.json$/)
  const file = JSON.parse(json) as { format: string; store: string; events: { type: string }[] }
  expect(file).toMatchObject({ format: 'tabscribe', store: 'flight-recorder' })
  expect(file.events.map(({ type }) => type)).toEqual(['click', 'click', 'click'])
})

test('the page loaded anew, the old events are there and the new ones come, and so does what was set', async () => {
  await panel.firefox.reload()
  await expect.poll(phase, patience).toBe('connected')
  await pressInPage(2)
  await expect.poll(rows, patience).toBe(5)
  expect(await panel.run(`return document.querySelector('[role=searchbox]').value`)).toBe('type:click "Press me"')
  await expect.poll(detail, patience).toContain('Press me')
})

// The figures are printed: what they are on a busy machine says nothing of the way.
test('Health tells how fast the way to the page is: round trips, and large answers', async () => {
  await panel.firefox.click(`//button[text()='Record 100,000 events']`)
  await panel.filter('topic:shop')
  await expect.poll(rows, patience).toBe(100_000)
  await panel.filter('')
  await panel.press('button', 'Export')
  await panel.press('tab', 'Health')
  await expect.poll(text, patience).toMatch(/throughput\s+[\d.]+ [MG]B\/s/)
  // As in Chromium: by then the round trips of a busy page are outnumbered.
  const told = new Set<string>()
  await expect.poll(async () => told.add(await text()).size, { timeout: 50_000 }).toBeGreaterThan(6)
  const seen = await text()
  const [, roundTrip] = /round trip p50\s+([\d.]+ ms)/.exec(seen)!
  const [, throughput] = /throughput\s+([\d.]+ [MG]B\/s)/.exec(seen)!
  const bare = await panel.run<number>(`
    const took = []
    while (took.length < 51) {
      const startedAt = performance.now()
      await browser.devtools.inspectedWindow.eval('1')
      took.push(performance.now() - startedAt)
    }
    return took.sort((a, b) => a - b)[25]`)
  console.log(`Firefox: round trip p50 ${roundTrip} (a bare evaluation ${bare} ms), throughput ${throughput}`)
  await panel.picture('firefox-health')
})

test('a file chosen in the toolbox is imported once the name of the store is typed', async () => {
  await panel.open(`${server.origin}/app?stores=copy&events=0`)
  await expect.poll(phase, patience).toBe('connected')
  await panel.chooseFile(exported.path)
  await panel.press('button', 'Source')
  await panel.press('menuitem', 'Import a file into copy…')
  const dialog = (): Promise<string> => panel.text('dialog')
  await expect.poll(dialog, patience).toMatch(/Import into copy\?[^]*The events of flight-recorder-/)
  const canImport = (): Promise<boolean> =>
    panel.run(`return !document.querySelector('dialog button[type=submit]').disabled`)
  expect(await canImport()).toBe(false)
  await panel.fill('dialog input', 'cop')
  expect(await canImport()).toBe(false)
  await panel.fill('dialog input', 'copy')
  await panel.picture('firefox-import')
  await panel.press('button', 'Import')
  await expect.poll(text, patience).toContain('Imported 3 events')
  await expect.poll(rows, patience).toBe(3)
})

test('a file dropped on the panel in the toolbox is looked at, and left again for the store', async () => {
  await panel.open(`${server.origin}/app?stores=beside&events=7`)
  await expect.poll(rows, patience).toBe(7)
  await panel.drop('dropped.json', exported.json)
  await expect.poll(rows, patience).toBe(3)
  expect(await panel.text('.link')).toBe('File')
  await panel.press('button', 'Source')
  await panel.press('menuitem', 'Back to the live store')
  await expect.poll(rows, patience).toBe(7)
})

test('a frame of another origin is said to be out of reach', async () => {
  const elsewhere = server.origin.replace('127.0.0.1', 'localhost')
  await panel.open(`${server.origin}/framed?stores=outer&src=${elsewhere}/app`)
  await expect.poll(phase, patience).toBe('connected')
  await expect.poll(text, patience).toContain(`A frame of ${elsewhere} is not looked into`)
  await expect.poll(rows, patience).toBe(3)
  await panel.picture('firefox-other-origin')
})

test('a page that is left and gone back to is shown again', async () => {
  await panel.open(`${server.origin}/app?stores=left`)
  await expect.poll(rows, patience).toBe(3)
  await panel.firefox.open(`${server.origin}/bare`)
  await expect.poll(phase, patience).toMatch(/cached|absent/)
  await panel.firefox.back()
  await expect.poll(phase, patience).toBe('connected')
})

test.each(['/hooked', '/noise'])('a page at %s, which means harm, is shown all the same', async (path) => {
  await panel.open(`${server.origin}${path}?stores=${path.slice(1)}`)
  await expect.poll(rows, patience).toBe(3)
})

test('a store that lies is shown as far as it makes sense: as text, with faults for the rest', async () => {
  await panel.open(`${server.origin}/liar`)
  await expect.poll(rows, patience).toBe(2)
  await expect.poll(() => panel.text('[role=grid]'), patience).toContain('<img src=x onerror=')
  await panel.key('End')
  await panel.key('Enter')
  await expect.poll(detail, patience).toContain('<img src=x onerror=')
  const reached = `return {
    reached: 'reached' in globalThis || 'reached' in {},
    images: document.querySelectorAll('img, script:not([src])').length,
  }`
  expect(await panel.run(reached)).toEqual({ reached: false, images: 0 })
})

test('a library that loads late is shown when it does', async () => {
  await panel.open(`${server.origin}/app?late&stores=late`)
  await expect.poll(phase, patience).toBe('no-library')
  await panel.firefox.run('content', `await window.openLate()`)
  await expect.poll(rows, patience).toBe(3)
})

test.each([
  ['that lets nothing be evaluated', '/csp?stores=strict', 'strict'],
  ['with a frame', '/frame', 'inner'],
])('a page %s is shown', async (_, path, store) => {
  await panel.open(server.origin + path)
  await expect.poll(rows, patience).toBe(3)
  expect(await text()).toContain(store)
})

test('a page without the library says so', async () => {
  await panel.open(`${server.origin}/bare`)
  await expect.poll(phase, patience).toBe('no-library')
})
