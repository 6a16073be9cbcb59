import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { brokenRules, importsOf, layers, layerTable } from '../kit/layers.js'

test('a file imports its own layer or a lower one, by a path that ends in .js', () => {
  expect(brokenRules(repositorySources())).toEqual([])
})

test('CONTRIBUTING tells where a change goes: its table is the one that is held', () => {
  const root = new URL('../../', import.meta.url)
  expect(readFileSync(new URL('CONTRIBUTING.md', root), 'utf8')).toContain(`\n${layerTable()}\n`)
  const folders = readdirSync(new URL('src', root), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const named = layers.map(({ folder }) => folder)
  expect(named).toEqual(expect.arrayContaining(folders.map(({ name }) => `src/${name}`)))
})

test('the walk sees every kind of import', () => {
  const source = `
    import { a } from './a.js'
    import type { B } from './b.js'
    export { c } from './c.js'
    export * from './d.js'
    export type E = import('./e.js').E
    export const f = () => import('./f.js')
    import './g.js'
    // import './comment.js'
    export const text = "import './text.js'"`
  expect(importsOf('src/core/x.ts', source).toSorted()).toEqual('abcdefg'.split('').map((name) => `./${name}.js`))
})

test.each([
  ['src/core/a.ts', '../log/b.js', 'layer 0 may not know layer 2'],
  ['src/client/a.ts', '../index.js', 'nothing imports an entry'],
  ['src/client/a.ts', '../../panel/b.js', 'layer 5 may not know layer 6'],
  ['src/index.ts', '../panel/b.js', 'an entry of src imports from src'],
  ['panel/view/a.ts', '../../src/log/b.js', 'the panel may not know src/log'],
  ['panel/view/a.ts', '../start/page.js', 'nothing imports the start page'],
  ['panel/start/a.ts', '../../src/log/b.js', 'the start page is an application: it imports entries of the package'],
  ['src/log/a.ts', './b', "a relative import ends in '.js'"],
  ['src/log/a.ts', './missing.js', 'no such file'],
  ['src/client/a.ts', 'react', 'not one of the packages that are bundled'],
  ['src/log/a.ts', 'lodash', 'not one of the packages that are bundled'],
])('%s importing %s is found out', (path, specifier, reason) => {
  const sources = new Map(
    ['src/index.ts', 'src/log/b.ts', 'panel/b.ts', 'panel/start/page.ts'].map((known) => [known, '']),
  )
  sources.set(path, `import type { X } from '${specifier}'`)
  expect(brokenRules(sources)).toEqual([`${path} imports '${specifier}': ${reason}`])
})

test.each([
  ['src/host/a.ts', '../log/b.js'],
  ['src/codec/a.ts', '../fold/b.js'],
  ['src/index.ts', './log/b.js'],
  ['panel/a.tsx', '../src/fold/b.js'],
  ['panel/start/a.tsx', '../../src/index.js'],
  ['panel/start/a.tsx', '../mount.js'],
  ['panel/start/a.ts', 'any-package'],
  ['extension/a.ts', '../panel/mount.js'],
  ['src/log/a.ts', 'idb'],
  ['panel/a.tsx', 'preact/hooks'],
  ['src/react.ts', 'react'],
])('%s may import %s', (path, specifier) => {
  const sources = new Map(
    ['src/index.ts', 'src/log/b.ts', 'src/fold/b.ts', 'panel/mount.tsx'].map((known) => [known, '']),
  )
  sources.set(path, `import { x } from '${specifier}'`)
  expect(brokenRules(sources)).toEqual([])
})

test('a file in no layer is found out', () => {
  expect(brokenRules(new Map([['src/utils/a.ts', '']]))).toEqual(['src/utils/a.ts is in no layer'])
})

// What a server without a browser's globals would trip over while it merely imports the package.
const browserGlobals =
  'window document self location navigator indexedDB IDBDatabase IDBKeyRange localStorage sessionStorage ' +
  'SharedWorker Worker BroadcastChannel addEventListener'
const restore: (() => void)[] = []
afterEach(() => {
  for (const undo of restore.splice(0)) undo()
})

test("importing the package's entries touches no browser global", async () => {
  const touched: string[] = []
  // What an app has itself is not ours.
  await Promise.all([import('react'), import('preact/hooks')])
  for (const name of browserGlobals.split(' ')) trap(name, () => touched.push(name))
  const entry: Record<string, unknown> = await import('../../src/index.js')
  expect(touched).toEqual([])
  expect(Object.keys(entry)).toEqual(expect.arrayContaining(['openStore', 'deleteStore', 'StoreError']))
  const memory: Record<string, unknown> = await import('../../src/memory.js')
  expect(touched).toEqual([])
  expect(Object.keys(memory)).toEqual(expect.arrayContaining(['openMemory', 'memoryEvent', 'isAllocation']))
  const edges = [
    await import('../../src/react.js'),
    await import('../../src/preact.js'),
    await import('../../src/testing.js'),
  ]
  expect(touched).toEqual([])
  expect(edges.flatMap((edge) => Object.keys(edge))).toEqual(expect.arrayContaining(['useTopic', 'openTestStore']))
})

function trap(name: string, onTouch: () => void): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name)
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get() {
      onTouch()
      return undefined
    },
  })
  restore.push(() => {
    if (before) Object.defineProperty(globalThis, name, before)
    else Reflect.deleteProperty(globalThis, name)
  })
}

function repositorySources(): Map<string, string> {
  const root = new URL('../../', import.meta.url)
  const paths = ['src', 'panel', 'extension']
    .filter((folder) => existsSync(new URL(folder, root)))
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.tsx?$/.test(path))
        .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
    )
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, root), 'utf8')]))
}
