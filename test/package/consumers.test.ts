/** The packed package in other people's bundlers and on their servers: two tabs of the app share one log. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrowserKit, repositoryRoot, startKit, testPage } from '../kit/browser.js'
import { startCommand } from '../kit/command.js'
import { consumers, installConsumers, packedApp, type PackedApp } from '../kit/packed-app.js'
import { appScript, expectSharedLog } from '../kit/shared-log.js'
import { serveFolder } from '../kit/static-server.js'

let kit: BrowserKit
let app: PackedApp

beforeAll(async () => {
  installConsumers()
  app = packedApp()
  app.link('vite')
  for (const name of ['vite6', 'vite7', 'webpack', 'esbuild']) app.link(name, consumers)
  app.write('index.html', '<!doctype html><script type="module" src="/main.js"></script>')
  kit = await startKit()
})

afterAll(async () => {
  await kit?.close()
  app?.remove()
})

describe.each(['vite', 'vite7', 'vite6'])('%s', (vite) => {
  const script = (): string => join(app.folder, 'node_modules', vite, 'bin', 'vite.js')

  test('builds it with nothing configured', async () => {
    app.write('main.js', appScript())
    app.run(process.execPath, [script(), 'build', '--logLevel', 'warn', '--outDir', `out-${vite}`])
    await expectServed(`out-${vite}`)
  })

  test('serves it in development', async () => {
    // What the guide says about Vite 6 and 7.
    app.write('main.js', appScript(vite === 'vite' ? {} : { worker: ownWorkerInTheReadme() }))
    await expectServedInDevelopment()
  })

  test('serves it in development, not bundled ahead', async () => {
    app.write('main.js', appScript())
    app.write('excluding.config.js', "export default { optimizeDeps: { exclude: ['tabscribe'] } }")
    await expectServedInDevelopment('--config', 'excluding.config.js')
  })

  async function expectServedInDevelopment(...flags: string[]): Promise<void> {
    const local = ['--host', '127.0.0.1', '--port', '0', ...flags]
    const server = await startCommand(process.execPath, [script(), ...local], app.folder)
    try {
      await expectSharedLog(kit, server.origin)
    } finally {
      await server.close()
    }
  }
})

test('webpack 5 builds it with nothing configured', async () => {
  app.write('main.js', appScript())
  app.write(
    'webpack.build.js',
    `import webpack from 'webpack'
     const output = { path: import.meta.dirname + '/out-webpack', filename: 'main.js' }
     webpack({ mode: 'production', entry: './main.js', output }, (trouble, stats) => {
       if (trouble || stats.hasErrors() || stats.hasWarnings()) throw trouble ?? new Error(stats.toString())
     })`,
  )
  app.run(process.execPath, ['webpack.build.js'])
  await expectServed('out-webpack', '<!doctype html><script src="/main.js"></script>')
})

test('esbuild bundles it, its worker copied beside the bundle', async () => {
  app.write('main.js', appScript())
  const flags = ['--bundle', '--splitting', '--format=esm', '--minify', '--outdir=out-esbuild', '--log-level=warning']
  app.run(process.execPath, [join(app.folder, 'node_modules', 'esbuild', 'bin', 'esbuild'), 'main.js', ...flags])
  const installed = join(app.folder, 'node_modules', 'tabscribe', 'dist', 'worker.js')
  copyFileSync(installed, join(app.folder, 'out-esbuild', 'worker.js'))
  await expectServed('out-esbuild', '<!doctype html><script type="module" src="/main.js"></script>')
})

test('a plain server serves it as files, found through an import map', async () => {
  app.write('main.js', appScript())
  const head = testPage('/node_modules/tabscribe/dist/')
  await expectServed('', `${head}<script type="module" src="/main.js"></script>`)
})

test('a plain server serves it as files, imported by its URL', async () => {
  const dist = './node_modules/tabscribe/dist'
  const main = appScript({ entry: `${dist}/index.js`, panel: `${dist}/panel.js` })
  await expectServed('', `<!doctype html><script type="module">${main}</script>`)
})

test('another origin serves it, by a shim for the worker and under the policy that the guide gives', async () => {
  const cdn = await serveFolder(join(app.folder, 'node_modules', 'tabscribe', 'dist'), {
    headers: { 'access-control-allow-origin': '*' },
  })
  const [policy, shim, worker] = guideOfCdns().map((snippet) => snippet.replaceAll('https://cdn.example', cdn.origin))
  const entry = { entry: `${cdn.origin}/index.js`, panel: `${cdn.origin}/panel.js` }
  const site = await serveFolder(null, {
    answers: {
      '/': '<!doctype html><script type="module" src="/main.js"></script>',
      '/main.js': appScript({ ...entry, worker: worker! }),
      '/tabscribe-worker.js': shim!,
    },
    headers: {
      'content-security-policy': policy!
        .replace(/^Content-Security-Policy: /, '')
        .replaceAll('\n', ' ')
        .trim(),
    },
  })
  try {
    await expectSharedLog(kit, site.origin)
    expect([...cdn.missing, ...site.missing]).toEqual([])
  } finally {
    await Promise.all([cdn.close(), site.close()])
  }
})

async function expectServed(folder: string, page?: string): Promise<void> {
  mkdirSync(join(app.folder, folder), { recursive: true })
  const server = await serveFolder(join(app.folder, folder), page === undefined ? {} : { answers: { '/': page } })
  try {
    await expectSharedLog(kit, server.origin)
    expect(server.missing).toEqual([])
  } finally {
    await server.close()
  }
}

function ownWorkerInTheReadme(): string {
  return snippetOf('README.md', /```js\n(const worker = [^]*?\}\)\n)/)
}

/** The policy, the shim and the option, as they stand there. */
function guideOfCdns(): string[] {
  return [/```http\n([^]*?)```/, /```js tabscribe-worker.js\n([^]*?)```/, /```js\n(const worker = [^]*?\n)/].map(
    (pattern) => snippetOf('docs/csp-and-cdn.md', pattern),
  )
}

function snippetOf(path: string, pattern: RegExp): string {
  const [, snippet] = pattern.exec(readFileSync(join(repositoryRoot, path), 'utf8')) ?? []
  if (snippet === undefined) throw new Error(`${path} has no snippet like ${pattern}`)
  return snippet
}
