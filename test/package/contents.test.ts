/** The package as its users get it: what is in it, its types, and what it does on a server. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSync } from 'vite'
import { bin, consumers, installConsumers, packedApp, type PackedApp } from '../kit/packed-app.js'

let app: PackedApp

beforeAll(() => {
  installConsumers()
  app = packedApp()
  for (const name of ['react', 'react-dom', 'scheduler']) app.link(name)
  for (const name of ['preact', 'preact-render-to-string']) app.link(name, consumers)
})

afterAll(() => app?.remove())

const node = (script: string): unknown => {
  app.write('script.js', script)
  return JSON.parse(app.run(process.execPath, ['script.js']))
}

describe('in Node', () => {
  test('a store in memory appends and reads', () => {
    const events = node(
      `import { openStore } from 'tabscribe'
       const store = await openStore('x', { storage: 'memory' })
       await store.topic('cart').append({ type: 'added', data: { n: 1 } })
       console.log(JSON.stringify((await store.topic('cart').read()).map(({ type, data }) => ({ type, data }))))
       await store.close()`,
    )
    expect(events).toEqual([{ type: 'added', data: { n: 1 } }])
  })

  test('memory events of a store in memory fold', () => {
    const results = node(
      `import { openStore, StoreError } from 'tabscribe'
       import { memoryEvent, openMemory } from 'tabscribe/memory'
       const store = await openStore('x', { storage: 'memory' })
       const memory = openMemory(store)
       memory.record(memoryEvent.allocate(0x1000, 64, 1))
       let refused
       try { memoryEvent.allocate(-1, 64, 1) } catch (error) { refused = error instanceof StoreError && error.code }
       console.log(JSON.stringify([(await memory.snapshot()).current, refused]))
       await store.close()`,
    )
    expect(results).toEqual([64, 'invalid-argument'])
  })

  test('every entry but the worker and the panel can be imported', () => {
    const names = node(
      `const entries = ['tabscribe', 'tabscribe/memory', 'tabscribe/react', 'tabscribe/preact', 'tabscribe/testing']
       const imported = await Promise.all(entries.map((entry) => import(entry)))
       console.log(JSON.stringify(imported.map((entry) => Object.keys(entry).sort())))`,
    )
    const hooks = ['useCounter', 'useProjection', 'useTopic']
    expect(names).toEqual([
      ['StoreError', 'defineProjection', 'deleteStore', 'diff', 'openExport', 'openStore'],
      expect.arrayContaining(['openMemory', 'memoryEvent']),
      hooks,
      hooks,
      ['draftsOf', 'manualClock', 'openTestStore'],
    ])
  })

  const servers = {
    react: `import { createElement } from 'react'
       import { renderToString } from 'react-dom/server'`,
    preact: `import { createElement } from 'preact'
       import { renderToString } from 'preact-render-to-string'`,
  }
  test.each(Object.entries(servers))('%s renders hooks on a server as loading, and starts nothing', (name, imports) => {
    const rendered = node(
      `const started = []
       for (const name of ['SharedWorker', 'Worker', 'BroadcastChannel']) {
         globalThis[name] = class { constructor() { started.push(name) } }
       }
       ${imports}
       const { openStore } = await import('tabscribe')
       const { useTopic, useProjection, useCounter } = await import('tabscribe/${name}')
       const total = { name: 'total', version: 1, initial: () => 0, reduce: (sum) => sum + 1 }
       const never = new Promise(() => {})
       const Page = ({ store }) => {
         const views = [useTopic(store, 'cart'), useProjection(store, total), useCounter(store, 'cart/paid')]
         return createElement('p', null, views.map(({ status }) => status).join(' '))
       }
       const html = [null, never].map((store) => renderToString(createElement(Page, { store })))
       const store = await openStore('x', { storage: 'memory', host: 'inline' })
       html.push(renderToString(createElement(Page, { store })))
       await store.close()
       console.log(JSON.stringify({ html, started }))`,
    )
    expect(rendered).toEqual({ html: Array(3).fill('<p>loading loading loading</p>'), started: [] })
  })
})

describe('the package', () => {
  test('holds what it is made of and nothing else', () => {
    const names = ['index', 'memory', 'worker', 'panel', 'preact', 'react', 'testing']
    const entries = [...names.map((name) => `dist/${name}.js`), 'dist/types/src/index.d.ts']
    const papers = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']
    expect(app.packed).toEqual(expect.arrayContaining([...entries, ...papers]))
    expect(app.packed.filter((path) => !path.startsWith('dist/') && !papers.includes(path))).toEqual([])
    expect(app.packed.filter((path) => /\.test\.|\/test\/|\.tsx?$/.test(path) && !path.endsWith('.d.ts'))).toEqual([])
  })

  test('brings no dependencies, and asks for none but by the hooks that are used', () => {
    const { dependencies = {}, peerDependencies, peerDependenciesMeta } = JSON.parse(app.installed('package.json'))
    expect(dependencies).toEqual({})
    expect(Object.keys(peerDependencies)).toEqual(['preact', 'react'])
    expect(peerDependenciesMeta).toEqual({ preact: { optional: true }, react: { optional: true } })
  })

  test('its worker is one file without imports', () => {
    const worker = app.installed('dist/worker.js')
    expect(worker.match(/\b(?:import|export)\b\s*[{*"'`(]|\bfrom\s*["'`]|\bimportScripts\b/g)).toBeNull()
  })

  test('starts its worker in the words bundlers look for', () => {
    const started = app.installed('dist/index.js').matchAll(/new (?:Shared)?Worker\(new URL\(.*?\}\)/g)
    expect(Array.from(started, ([expression]) => expression)).toEqual([
      "new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'tabscribe', extendedLifetime: true })",
      "new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'tabscribe-2', extendedLifetime: true })",
      "new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'tabscribe' })",
    ])
  })

  test('has types that hold in a strict project which checks libraries too', () => {
    app.write('consumer.ts', consumerSource)
    const strict = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--lib', 'esnext,dom,dom.iterable']
    const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--types', '']
    expect(app.run(join(bin, 'tsc'), ['--noEmit', '--ignoreConfig', ...strict, ...modules, 'consumer.ts'])).toBe('')
  })

  test('has no any in its types', () => {
    const folder = join(app.folder, 'node_modules', 'tabscribe', 'dist', 'types')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.d.ts'))
    expect(files.length).toBeGreaterThan(20)
    const found = files.filter((path) => saysAny(path, readFileSync(join(folder, path), 'utf8')))
    expect(found).toEqual([])
    expect(saysAny('a.d.ts', 'export declare const a: Promise<any>')).toBe(true)
  })

  test('publint has nothing to say', () => {
    expect(app.run(join(bin, 'publint'), ['--strict', join('node_modules', 'tabscribe')])).toContain('All good!')
  })

  test('its types are found by every way of resolving ES modules', () => {
    const found = app.run(join(bin, 'attw'), [app.tarball, '--profile', 'esm-only', '--no-emoji', '--no-color'])
    expect(found).toContain('OK (ESM)')
  })
})

const consumerSource = `
import { openExport, openStore, StoreError } from 'tabscribe'
import { memoryEvent, openMemory, type Analyzer } from 'tabscribe/memory'
import { mountPanel } from 'tabscribe/panel'
import { useProjection, useTopic } from 'tabscribe/react'
import { useCounter } from 'tabscribe/preact'
import { manualClock, openTestStore } from 'tabscribe/testing'
type Cart = { added: { n: number }; emptied: undefined }
export async function test(): Promise<number> {
  const store = await openTestStore({ clock: manualClock(0) })
  const { status, events } = useTopic<Cart>(store, 'cart')
  const sum = useProjection(store, { name: 'sum', version: 1, initial: () => 0, reduce: (n) => n + 1 })
  const { value } = useCounter(store, 'cart/added')
  return status === 'live' && events[0]?.type === 'added' ? events[0].data.n + (sum.state ?? 0) + (value ?? 0) : 0
}
export async function use(): Promise<number> {
  try {
    const store = await openStore('shop', { durability: 'strict' })
    const cart = store.topic<Cart>('cart')
    await cart.append({ type: 'added', data: { n: 1 } })
    const mounted = mountPanel(document.body, store)
    mounted.unmount()
    const memory = openMemory(store)
    memory.record(memoryEvent.allocate(1n, 64, 1).withVarName('cart'))
    const { exports, stop } = memory.capture.wasm({ malloc: () => 16, free: () => {} })
    const analyzer: Analyzer = {
      name: 'none',
      analyze: async ({ live }) => ({ analyzer: 'none', severity: 'info', count: live.size, description: '', findings: [] }),
    }
    memory.analysis.register(analyzer)
    stop()
    const archive = openMemory(await openExport(await store.export()))
    // @ts-expect-error a file is only read
    archive.record(memoryEvent.allocate(1n, 64, 1))
    const [first] = await cart.read({ types: ['added'] })
    // @ts-expect-error the data of an event has the type its topic gave it
    await cart.append({ type: 'added', data: { n: 'one' } })
    return first ? first.data.n + Object.keys(exports).length : 0
  } catch (error) {
    if (error instanceof StoreError && error.code === 'queue-full') return -1
    throw error
  }
}
`

function saysAny(path: string, source: string): boolean {
  const visit = (node: unknown): boolean =>
    typeof node === 'object' &&
    node !== null &&
    (('type' in node && node.type === 'TSAnyKeyword') || Object.values(node).some(visit))
  return visit(parseSync(path, source).program)
}
