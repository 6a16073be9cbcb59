import { deferred } from '../../src/core/deferred.js'
import { isRealIndexedDb } from '../kit/indexeddb.js'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { transformWithOxc } from 'vite'
import * as react from 'react'
import * as reactOnServers from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import * as tabscribe from '../../src/index.js'
import * as memory from '../../src/memory.js'
import * as hooks from '../../src/react.js'
import * as testing from '../../src/testing.js'
import { tinyAllocatorBytes } from '../kit/tiny-allocator.js'

const modules: Record<string, object> = {
  tabscribe,
  'tabscribe/memory': memory,
  'tabscribe/react': hooks,
  'tabscribe/testing': testing,
  react,
  'react-dom/server': reactOnServers,
}

const docs = new URL('../../docs/', import.meta.url)

// What is about bundlers and servers is tested with them; the reference is made of the types.
const elsewhere = ['api.md', 'csp-and-cdn.md']
const guides = readdirSync(docs).filter((path) => path.endsWith('.md') && !elsewhere.includes(path))

afterEach(() => void vi.unstubAllGlobals())

// A guide's snippets are one program, in the order of the text; what is printed stands behind '→'.
test.each(guides)('the snippets of docs/%s run, and print what they say', async (path) => {
  expect(isRealIndexedDb).toBe(false)
  const source = snippetsOf(readFileSync(new URL(path, docs), 'utf8'))
  const printed: string[] = []
  vi.stubGlobal(
    'fetch',
    async () => new Response(tinyAllocatorBytes(), { headers: { 'content-type': 'application/wasm' } }),
  )
  const run = new AsyncFunction('modules', 'console', withoutImports(await withoutJsx(source)))
  await run(modules, { log: (...values: unknown[]) => void printed.push(values.map(String).join(' ')) })
  expect(printed).toEqual(Array.from(source.matchAll(/\/\/ → (.*)/g), ([, text]) => text))
})

test('the README begins with code that runs, before line 20', async () => {
  const readme = readFileSync(new URL('../README.md', docs), 'utf8')
  const begins = readme.split('\n').slice(0, 20).join('\n')
  const source = snippetsOf(begins)
  expect(source).toContain('openStore')
  const rendered = deferred<unknown[]>()
  const printed: unknown[][] = []
  const run = new AsyncFunction('modules', 'console', 'render', withoutImports(source))
  await run(modules, { log: (...values: unknown[]) => void printed.push(values) }, rendered.resolve)
  expect(printed).toEqual([
    [0, 'item-added', { sku: 'TEA-104', cents: 450 }],
    [1, 'paid', { cents: 450 }],
  ])
  expect(await rendered.promise).toHaveLength(2)
  await tabscribe.deleteStore('shop')
})

test("the README's options are options", async () => {
  const [, options] = /```js\n(await openStore\('shop', \{[^]*?)```/.exec(
    readFileSync(new URL('../README.md', docs), 'utf8'),
  )!
  const opened: tabscribe.Store[] = []
  const openStore = async (...args: Parameters<typeof tabscribe.openStore>) =>
    void opened.push(await tabscribe.openStore(...args))
  await new AsyncFunction('openStore', options!)(openStore)
  expect(opened.map(({ name }) => name)).toEqual(['shop'])
  await tabscribe.deleteStore('shop')
})

test('every link in the docs leads to a file', () => {
  const broken = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(docs).map((path) => `docs/${path}`)]
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const page = new URL(`../${path}`, docs)
      const links = Array.from(
        readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g),
        ([, link]) => link!,
      )
      return links.filter((link) => !existsSync(new URL(link, page))).map((link) => `${path}: ${link}`)
    })
  expect(broken).toEqual([])
})

// oxlint-disable-next-line no-empty-function -- only its constructor is wanted
const AsyncFunction = (async () => {}).constructor as new (
  ...source: string[]
) => (...values: unknown[]) => Promise<void>

function snippetsOf(guide: string): string {
  return Array.from(guide.matchAll(/```jsx?\n([\s\S]*?)```/g), ([, code]) => code).join('\n')
}

function withoutImports(source: string): string {
  return source.replace(/^import (\{.*\}) from ['"](.*)['"];?$/gm, "const $1 = modules['$2']")
}

async function withoutJsx(source: string): Promise<string> {
  const jsx = { runtime: 'classic', pragma: 'createElement' } as const
  return source.includes('/>') ? (await transformWithOxc(source, 'snippet.jsx', { jsx })).code : source
}
