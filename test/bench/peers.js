/** The peers, installed and bundled for the page: each an entry that exports `start`, like page/contenders/. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { repositoryRoot } from '../kit/browser.js'

const folder = join(repositoryRoot, 'test/bench/peers')
const entries = ['idb', 'dexie', 'rxdb', 'pouchdb', 'tinybase', 'livestore']

/**
 * Those that are compared with, and their versions.
 * @returns {Record<string, string>}
 */
export function peerVersions() {
  const { dependencies } = /** @type {{ dependencies: Record<string, string> }} */ (readJson('package.json'))
  return Object.fromEntries(
    ['idb', 'dexie', 'rxdb', 'pouchdb-browser', '@livestore/livestore', 'tinybase'].map((name) => [
      name,
      dependencies[name] ?? 'unknown',
    ]),
  )
}

/**
 * Bundles them as an app's build would, into a folder that is served at /peers/.
 * @param {string} outDir
 */
export async function bundlePeers(outDir) {
  if (!existsSync(join(folder, 'node_modules'))) install()
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    base: '/peers/',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries(entries.map((name) => [name, join(folder, `${name}.js`)])),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  })
}

function install() {
  console.error('Installing the peers that are compared with.')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ci failed in ${folder}: the peers are installed from the registry, once.`)
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'))
}
