/**
 * One config for everything Vite does here:
 *
 *   vite                   the start page, served on this machine
 *   vite build -m package  dist/index.js, the other entries of the library, and chunks they share
 *   vite build -m worker   dist/worker.js: the SharedWorker's script, one file without imports
 *   vite build -m pages    the browser extension's pages, into artifacts/extension/
 *   vite build -m content  its content script, one file as content scripts must be; -m bridge and mailbox likewise
 *   vitest                 the tests, as projects `node`, `browser`, `tabs`, `extension`, `package`, and `tabs-firefox` …
 */
import preact from '@preact/preset-vite'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config'
import type { BrowserProviderOption } from 'vitest/node'
import { engines, projectsOf } from './test/kit/engine-names.js'
import { findBrowser } from './test/kit/find-browser.js'
import { firefoxPages } from './test/kit/firefox-provider.js'
import type { Engine } from './test/kit/tabs.js'
import { webKit } from './test/kit/webkit-provider.js'

// Bundled ahead, in one go: finding one of them late makes the dev server reload the page in the middle of its work.
const bundledAhead = ['comlink', 'idb', 'preact', 'preact/hooks', 'preact/jsx-runtime', 'preact/jsx-dev-runtime']
const reactAhead = ['react', 'react-dom/client']

// It finds its .wasm beside itself, and would not beside a bundle of it.
const leftAsItIs = ['@sqlite.org/sqlite-wasm']

// React stays React: the hooks are for either.
const preactOnly = { devToolsEnabled: false, prefreshEnabled: false, reactAliasesEnabled: false }

export default defineConfig(({ mode }) => {
  if (mode === 'package') return library(packageBuild)
  if (mode === 'worker') return library(workerBuild)
  if (mode === 'pages') return extension(extensionPages)
  if (mode === 'content' || mode === 'bridge' || mode === 'mailbox') return extension(extensionScript(mode))
  return process.env['VITEST'] ? tests() : startPage
})

const startPage: ViteUserConfig = {
  plugins: [preact({ reactAliasesEnabled: false })],
  optimizeDeps: { include: bundledAhead, exclude: leftAsItIs },
  server: { host: '127.0.0.1', watch: { ignored: ['**/dist/**', '**/artifacts/**', '**/test/**'] } },
}

type Build = NonNullable<ViteUserConfig['build']>

// The panel brings a Preact of its own; hooks work with the one (or the React) their app has.
const peers = { react: /\/src\/react\.ts$/, 'preact/hooks': /\/src\/(?:preact|hooks\/preact-store)\.ts$/ }

const entries = {
  index: 'src/index.ts',
  memory: 'src/memory.ts',
  panel: 'panel/mount.tsx',
  preact: 'src/preact.ts',
  react: 'src/react.ts',
  testing: 'src/testing.ts',
}

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[]; dynamicallyImportedIds: readonly string[] } | null
}

interface Reach {
  /** Which entries load a module at once; `client`: opening a store does. */
  by(id: string): string
  /** Whether something that is loaded later does. */
  isLater(id: string): boolean
}

let reach: Reach | null = null

function reachIn(modules: Modules): Reach {
  const reachedFrom = (paths: Iterable<string>): Set<string> => {
    const reached = new Set(paths)
    for (const own of reached) for (const next of modules.getModuleInfo(own)?.importedIds ?? []) reached.add(next)
    return reached
  }
  const roots = Object.entries({ ...entries, client: 'src/client/shared-store.ts' }).map(
    ([name, path]) => [name, reachedFrom([join(import.meta.dirname, path)])] as const,
  )
  const atOnce = roots.flatMap(([, reached]) => [...reached])
  const later = reachedFrom(atOnce.flatMap((own) => modules.getModuleInfo(own)?.dynamicallyImportedIds ?? []))
  return {
    by: (id) => roots.flatMap(([name, reached]) => (reached.has(id) ? [name] : [])).join('-'),
    isLater: (id) => later.has(id),
  }
}

/**
 * What opening a store loads is one file, and so is what that and the index share: left alone, it would be as many as
 * there are parts loaded later that use some of it.
 */
function chunkOf(id: string, modules: Modules): string | null {
  // Chunks are made when the graph is whole.
  reach ??= reachIn(modules)
  const sharing = reach.by(id)
  if (sharing === 'index-client') return 'start'
  if (sharing.startsWith('index-memory')) return 'core'
  if (sharing === 'client' || sharing.includes('-')) return sharing
  // Only the index itself may start the worker, whose script lies beside it.
  return sharing === 'index' && reach.isLater(id) ? 'start' : null
}

// A group takes what its modules import along, unless one above it has that already.
const chunks = ['core', 'shared', 'start', 'client'].map((group, at) => ({
  debugName: group,
  priority: 4 - at,
  name(id: string, modules: Modules) {
    const name = chunkOf(id, modules)
    return name === group || (group === 'shared' && name?.includes('-')) ? name : null
  },
}))

const packageBuild: Build = {
  lib: { entry: entries, formats: ['es'] },
  emptyOutDir: true,
  rolldownOptions: {
    external: (id, importer = '') => id in peers && peers[id as keyof typeof peers].test(importer),
    output: {
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
      minify: true,
      codeSplitting: { groups: chunks },
    },
  },
}

// A worker has no import map and may be served from anywhere, so its script holds all it needs.
const workerBuild: Build = {
  lib: { entry: { worker: 'src/worker.ts' }, formats: ['es'] },
  emptyOutDir: false,
  rolldownOptions: {
    output: { entryFileNames: '[name].js', codeSplitting: false, minify: true, comments: { annotation: false } },
  },
}

function library(build: Build): ViteUserConfig {
  return {
    plugins: [preact(preactOnly), openStoreOfIndex(), shipWorkerUrl()],
    define: { 'process.env.NODE_ENV': '"production"' },
    publicDir: false,
    build: { target: 'es2022', sourcemap: true, ...build },
  }
}

// dist/testing.js opens stores through dist/index.js: a chunk of both would take the start of the worker with it.
function openStoreOfIndex(): Plugin {
  return {
    name: 'tabscribe:open-store-of-index',
    enforce: 'pre',
    apply: 'build',
    resolveId: (id, importer) =>
      id === '../client/open.js' && importer?.includes('/src/testing/') ? { id: './index.js', external: true } : null,
  }
}

const extensionPages: Build = {
  emptyOutDir: true,
  rolldownOptions: { input: { devtools: 'devtools.html', panel: 'panel.html' } },
}

function extensionScript(name: 'content' | 'bridge' | 'mailbox'): Build {
  return {
    lib: { entry: `${name}.ts`, formats: ['iife'], name: 'tabscribe', fileName: () => `${name}.js` },
    emptyOutDir: false,
  }
}

// Left readable: stores review what they are sent.
function extension(build: Build): ViteUserConfig {
  return {
    root: fileURLToPath(new URL('extension', import.meta.url)),
    base: './',
    plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
    define: { 'process.env.NODE_ENV': '"production"' },
    publicDir: false,
    build: {
      target: 'es2022',
      outDir: '../artifacts/extension/unpacked',
      minify: false,
      modulePreload: false,
      ...build,
    },
  }
}

/**
 * Keeps `new SharedWorker(new URL('./worker.js', import.meta.url), { … })` to the letter, in dist/index.js, next to
 * dist/worker.js: bundlers of the apps that install the package look for exactly that shape. Left alone, Vite would
 * make an asset of the worker, and the minifier would rewrite the quotes. So a call of the same length (source maps
 * stay right) stands in for the expression until all rewriting is over.
 * The build fails where the expression ends up anywhere else, or not at all.
 */
function shipWorkerUrl(): Plugin {
  const written =
    /new (SharedWorker|Worker)\(\s*new URL\('\.\.?\/worker\.ts', import\.meta\.url\),\s*(\{[^{}]*\}),?\s*\)/g
  const shipped =
    "new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'tabscribe', extendedLifetime: true })"
  const expressions = new Map<string, string>()
  return {
    name: 'tabscribe:ship-worker-url',
    enforce: 'pre',
    apply: 'build',
    transform: {
      filter: { id: /\/src\/.*\.ts$/, code: '/worker.ts' },
      handler(code) {
        const held = code.replace(written, (whole, kind: string, options: string) => {
          const onOneLine = options.replace(/\s+/g, ' ').replace(/, \}$/, ' }')
          const expression = `new ${kind}(new URL('./worker.js', import.meta.url), ${onOneLine})`
          const standIn = `__worker_${expressions.size}`.padEnd(expression.length - 2, '_') + '()'
          expressions.set(standIn, expression)
          return standIn + '\n'.repeat(whole.split('\n').length - 1)
        })
        return { code: held, map: null }
      },
    },
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue
        for (const [standIn, expression] of expressions) {
          if (!file.code.includes(standIn)) continue
          if (file.fileName.includes('/'))
            this.error(`${file.fileName} starts the worker, and worker.js is not beside it`)
          file.code = file.code.replaceAll(standIn, expression)
        }
      }
      const index = bundle['index.js']
      if (index?.type === 'chunk' && index.code.split(shipped).length !== 2)
        this.error(`dist/index.js must hold exactly once: ${shipped}`)
      const worker = bundle['worker.js']
      if (worker?.type === 'chunk' && worker.imports.length + worker.dynamicImports.length > 0)
        this.error('dist/worker.js must be one file without imports')
    },
  }
}

// WebGPU on machines without a GPU too.
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

// What drives a page of each engine. The browser is looked for, and installed, only when its project runs.
const drivers: Record<Engine, () => BrowserProviderOption> = {
  chromium: () =>
    playwright({
      launchOptions: {
        get executablePath() {
          return findBrowser()
        },
        args: softwareGpu,
      },
    }),
  firefox: firefoxPages,
  webkit: webKit,
}

// Projects run one after another and on two workers at most: tests of timing must not fight for the machine.
// No project retries: a test that fails now and then has found something.
function tests(): ViteUserConfig {
  return {
    plugins: [preact(preactOnly)],
    optimizeDeps: {
      include: [...bundledAhead, ...reactAhead, 'fake-indexeddb/auto', 'fast-check', 'axe-core'],
      exclude: leftAsItIs,
    },
    server: { host: '127.0.0.1' },
    // WebKit has no `using` yet.
    oxc: { target: 'es2022' },
    test: {
      retry: 0,
      maxWorkers: 2,
      testTimeout: 60_000,
      projects: [
        {
          extends: true,
          test: {
            name: 'node',
            include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
            sequence: { groupOrder: 0 },
          },
        },
        ...engines.flatMap((engine, at) => {
          const { pages, tabs } = projectsOf(engine)
          return [inPages(engine, pages, 2 * at + 1), inTabs(engine, tabs, 2 * at + 2)]
        }),
        inDevTools('extension', { include: [devToolsTests], exclude: [toolboxTests] }, 8),
        inDevTools('extension-firefox', { include: [toolboxTests] }, 9),
        {
          extends: true,
          test: {
            name: 'package',
            include: ['test/package/**/*.test.ts'],
            globalSetup: ['test/kit/build-once.js'],
            sequence: { groupOrder: 10 },
            fileParallelism: false,
            // The first of them installs other people's bundlers.
            hookTimeout: 300_000,
          },
        },
      ],
    },
  }
}

function inPages(engine: Engine, name: string, groupOrder: number): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: ['test/browser/**/*.test.{ts,tsx}', 'test/contract/**/*.test.ts'],
      setupFiles: ['test/kit/skip-unable.ts'],
      provide: { engine },
      sequence: { groupOrder },
      fileParallelism: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: drivers[engine](),
        instances: [{ browser: engine }],
      },
    },
  }
}

function inTabs(engine: Engine, name: string, groupOrder: number): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: ['test/tabs/**/*.test.ts'],
      setupFiles: ['test/kit/skip-unable.ts'],
      provide: { engine },
      globalSetup: ['test/kit/build-once.js'],
      sequence: { groupOrder },
      fileParallelism: false,
      hookTimeout: 120_000,
    },
  }
}

const devToolsTests = 'test/extension/**/*.test.ts'
const toolboxTests = 'test/extension/firefox.test.ts'

function inDevTools(
  name: string,
  files: { include: string[]; exclude?: string[] },
  groupOrder: number,
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      ...files,
      globalSetup: ['test/kit/build-once.js', 'test/kit/build-extension-once.js'],
      sequence: { groupOrder },
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  }
}
