/** The package as its users get it: packed, installed elsewhere, and run by the tools they have. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrowserKit, repositoryRoot, startKit, testPage } from '../kit/browser.js'
import { startCommand } from '../kit/command.js'
import { serveFolder } from '../kit/static-server.js'

const bin = join(repositoryRoot, 'node_modules', '.bin')
let kit: BrowserKit
let app: string
let tarball: string
let packed: string[]

beforeAll(async () => {
  app = realpathSync(mkdtempSync(join(tmpdir(), 'tabscribe-app-')))
  tarball = pack(app)
  writeApp(app)
  run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball])
  // Vite itself is the one tested with, by a link: nothing to download, and no other version by accident.
  symlinkSync(join(repositoryRoot, 'node_modules', 'vite'), join(app, 'node_modules', 'vite'), 'junction')
  kit = await startKit()
})

afterAll(async () => {
  await kit?.close()
  rmSync(app, { recursive: true, force: true })
})

describe('two tabs of an app share one log', () => {
  test('served by the Vite dev server, with nothing configured', async () => {
    const server = await startCommand(process.execPath, [viteScript(), '--host', '127.0.0.1', '--port', '0'], app)
    try {
      await expectSharedLog(server.origin)
    } finally {
      await server.close()
    }
  })

  test('built by Vite, with nothing configured, and served as files', async () => {
    run(process.execPath, [viteScript(), 'build', '--logLevel', 'warn'])
    await expectSharedLogServedFrom(join(app, 'dist'))
  })

  test('served as files, the package found through an import map', async () => {
    const head = testPage('/node_modules/tabscribe/dist/')
    await expectSharedLogServedFrom(app, `${head}<script type="module" src="/main.js"></script>`)
  })

  test('served as files, the package imported by its URL', async () => {
    const main = mainScript('./node_modules/tabscribe/dist/index.js', './node_modules/tabscribe/dist/panel.js')
    await expectSharedLogServedFrom(app, `<!doctype html><script type="module">${main}</script>`)
  })
})

describe('in Node', () => {
  test('a store in memory appends and reads', () => {
    writeFileSync(
      join(app, 'memory.js'),
      `import { openStore } from 'tabscribe'
       const store = await openStore('x', { storage: 'memory' })
       await store.topic('cart').append({ type: 'added', data: { n: 1 } })
       console.log(JSON.stringify((await store.topic('cart').read()).map(({ type, data }) => ({ type, data }))))
       await store.close()`,
    )
    expect(JSON.parse(run(process.execPath, ['memory.js']))).toEqual([{ type: 'added', data: { n: 1 } }])
  })

  test('memory events of a store in memory fold', () => {
    writeFileSync(
      join(app, 'heap.js'),
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
    expect(JSON.parse(run(process.execPath, ['heap.js']))).toEqual([64, 'invalid-argument'])
  })
})

describe('the package', () => {
  test('holds what it is made of and nothing else', () => {
    const entries = ['dist/index.js', 'dist/memory.js', 'dist/worker.js', 'dist/panel.js', 'dist/types/src/index.d.ts']
    const papers = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']
    expect(packed).toEqual(expect.arrayContaining([...entries, ...papers]))
    expect(packed.filter((path) => !path.startsWith('dist/') && !papers.includes(path))).toEqual([])
    expect(packed.filter((path) => /\.test\.|\/test\/|\.tsx?$/.test(path) && !path.endsWith('.d.ts'))).toEqual([])
  })

  test('brings no dependencies, and asks for none but by the hooks that are used', () => {
    const { dependencies = {}, peerDependencies, peerDependenciesMeta } = JSON.parse(installed('package.json'))
    expect(dependencies).toEqual({})
    expect(Object.keys(peerDependencies)).toEqual(['preact', 'react'])
    expect(peerDependenciesMeta).toEqual({ preact: { optional: true }, react: { optional: true } })
  })

  test('its worker is one file without imports', () => {
    const worker = installed('dist/worker.js')
    expect(worker.match(/\b(?:import|export)\b\s*[{*"'`(]|\bfrom\s*["'`]|\bimportScripts\b/g)).toBeNull()
  })

  test('starts its worker in the words bundlers look for', () => {
    const started = installed('dist/index.js').matchAll(/new (?:Shared)?Worker\(new URL\(.*?\}\)/g)
    expect(Array.from(started, ([expression]) => expression)).toEqual([
      "new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'tabscribe', extendedLifetime: true })",
      "new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'tabscribe-2', extendedLifetime: true })",
      "new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'tabscribe' })",
    ])
  })

  test('has types that hold in a strict project which checks libraries too', () => {
    writeFileSync(join(app, 'consumer.ts'), consumerSource)
    const strict = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--lib', 'esnext,dom,dom.iterable']
    const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext', '--types', '']
    expect(run(join(bin, 'tsc'), ['--noEmit', '--ignoreConfig', ...strict, ...modules, 'consumer.ts'])).toBe('')
  })

  test('publint has nothing to say', () => {
    expect(run(join(bin, 'publint'), ['--strict', join('node_modules', 'tabscribe')])).toContain('All good!')
  })

  test('its types are found by every way of resolving ES modules', () => {
    const found = run(join(bin, 'attw'), [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color'])
    expect(found).toContain('OK (ESM)')
  })
})

const consumerSource = `
import { openExport, openStore, StoreError } from 'tabscribe'
import { memoryEvent, openMemory, type Analyzer } from 'tabscribe/memory'
import { mountPanel } from 'tabscribe/panel'
type Cart = { added: { n: number }; emptied: undefined }
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

function mainScript(entry = 'tabscribe', panel = 'tabscribe/panel'): string {
  return `import { openStore } from '${entry}'
Object.assign(globalThis, { openStore, loadPanel: () => import('${panel}') })`
}

function writeApp(folder: string): void {
  const manifest = { name: 'app', private: true, type: 'module' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'main.js'), mainScript())
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="/main.js"></script>')
}

// Packs into a folder beside the app's own files.
function pack(folder: string): string {
  const destination = join(folder, 'packed')
  mkdirSync(destination)
  const report = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], repositoryRoot)
  const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(report)
  packed = files.map(({ path }) => path)
  return join(destination, filename)
}

function installed(path: string): string {
  return readFileSync(join(app, 'node_modules', 'tabscribe', path), 'utf8')
}

function viteScript(): string {
  return join(app, 'node_modules', 'vite', 'bin', 'vite.js')
}

// Returns what the command printed; throws all of it when it fails.
function run(command: string, args: string[], cwd = app): string {
  const env = { ...process.env, NODE_ENV: 'production', VITEST: '' }
  const shell = process.platform === 'win32'
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', shell })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  return stdout
}

async function expectSharedLogServedFrom(folder: string, page?: string): Promise<void> {
  const server = await serveFolder(folder, page === undefined ? {} : { answers: { '/': page } })
  try {
    await expectSharedLog(server.origin)
    expect(server.missing).toEqual([])
  } finally {
    await server.close()
  }
}

interface Opened {
  append(events: object): Promise<unknown>
  read(): Promise<{ type: string; data: unknown }[]>
}
type AppPage = typeof globalThis & {
  openStore(name: string): Promise<{ topic(name: string): Opened; health(): Promise<{ host: string }> }>
  loadPanel(): Promise<Record<string, unknown>>
}

// Tab A appends, tab B reads what it wrote, and one SharedWorker served both.
async function expectSharedLog(origin: string): Promise<void> {
  const tabs = await kit.freshTabs(origin)
  try {
    const a = await tabs.open()
    const b = await tabs.open()
    for (const tab of [a, b]) await tab.waitForFunction(() => 'openStore' in globalThis)
    const hostOfA = await a.evaluate(async () => {
      const store = await (globalThis as AppPage).openStore('shop')
      await store.topic('cart').append({ type: 'added', data: { n: 1 } })
      return (await store.health()).host
    })
    const seenByB = await b.evaluate(async () => {
      const store = await (globalThis as AppPage).openStore('shop')
      const events = await store.topic('cart').read()
      return { host: (await store.health()).host, events: events.map(({ type, data }) => ({ type, data })) }
    })
    const panel = await b.evaluate(async () => Object.keys(await (globalThis as AppPage).loadPanel()))
    expect({ hostOfA, seenByB, panel, errors: tabs.errors }).toEqual({
      hostOfA: 'shared-worker',
      seenByB: { host: 'shared-worker', events: [{ type: 'added', data: { n: 1 } }] },
      panel: ['mountPanel'],
      errors: [],
    })
  } finally {
    await tabs.close()
  }
}
