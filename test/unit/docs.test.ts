import { isRealIndexedDb } from '../kit/indexeddb.js'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import * as tabscribe from '../../src/index.js'
import * as memory from '../../src/memory.js'
import { tinyAllocatorBytes } from '../kit/tiny-allocator.js'

const modules: Record<string, object> = { tabscribe, 'tabscribe/memory': memory }

afterEach(() => void vi.unstubAllGlobals())

// A guide's snippets are one program, in the order of the text; what is printed stands behind '→'.
test.each(['docs/files.md', 'docs/memory.md', 'docs/state.md'])(
  'the snippets of %s run, and print what they say',
  async (path) => {
    expect(isRealIndexedDb).toBe(false)
    const source = snippetsOf(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
    const printed: string[] = []
    vi.stubGlobal(
      'fetch',
      async () => new Response(tinyAllocatorBytes(), { headers: { 'content-type': 'application/wasm' } }),
    )
    const run = new AsyncFunction('modules', 'console', withoutImports(source))
    await run(modules, { log: (...values: unknown[]) => void printed.push(values.join(' ')) })
    expect(printed).toEqual(Array.from(source.matchAll(/\/\/ → (.*)/g), ([, text]) => text))
  },
)

// oxlint-disable-next-line no-empty-function -- only its constructor is wanted
const AsyncFunction = (async () => {}).constructor as new (
  ...source: string[]
) => (...values: unknown[]) => Promise<void>

function snippetsOf(guide: string): string {
  return Array.from(guide.matchAll(/```js\n([\s\S]*?)```/g), ([, code]) => code).join('\n')
}

function withoutImports(source: string): string {
  return source.replace(/^import (\{.*\}) from '(.*)'$/gm, "const $1 = modules['$2']")
}
