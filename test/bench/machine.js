/** What the figures were measured on and with. */
import { readFileSync } from 'node:fs'
import { cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '../kit/browser.js'
import { peerVersions } from './peers.js'

/** @typedef {ReturnType<typeof describeMachine>} Machine */

/** @param {string} browser its name and version */
export function describeMachine(browser) {
  const cores = cpus()
  return {
    date: new Date().toISOString(),
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.versions.node,
    browser,
    packages: {
      tabscribe: versionIn('package.json'),
      '@sqlite.org/sqlite-wasm': versionIn('node_modules/@sqlite.org/sqlite-wasm/package.json'),
      ...peerVersions(),
    },
  }
}

/** @param {string} path */
function versionIn(path) {
  return /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8'))).version
}
