import { isRealIndexedDb } from '../kit/indexeddb.js'
import { readdirSync, readFileSync } from 'node:fs'
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
