/**
 * Makes of the built pages and scripts one folder for each browser, to load unpacked, and beside it the zip that its
 * store takes: artifacts/extension/{chromium,firefox} and tabscribe-<version>-{chromium,firefox}.zip.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { zipSync } from 'fflate'
import { manifestFor } from './manifest.js'

const source = fileURLToPath(new URL('.', import.meta.url))
const target = join(source, '..', 'artifacts', 'extension')
const { version } = JSON.parse(readFileSync(join(source, '..', 'package.json'), 'utf8'))
// The earliest time a zip can tell: the same input gives the same file.
const mtime = new Date(1980, 0, 1)

const scriptsOfOther = { chromium: ['mailbox.js'], firefox: ['content.js', 'bridge.js'] }

for (const browser of /** @type {const} */ (['chromium', 'firefox'])) {
  const folder = join(target, browser)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(target, 'unpacked'), folder, { recursive: true })
  for (const script of scriptsOfOther[browser]) rmSync(join(folder, script))
  cpSync(join(source, 'icons'), join(folder, 'icons'), { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifestFor(browser), null, 2)}\n`)
  writeFileSync(join(target, `tabscribe-${version}-${browser}.zip`), zipSync(filesIn(folder), { level: 9, mtime }))
}
rmSync(join(target, 'unpacked'), { recursive: true })

/**
 * @param {string} folder
 * @returns {Record<string, Uint8Array>} by path, in order
 */
function filesIn(folder) {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
  const named = paths.map((path) => [relative(folder, path).replaceAll(sep, '/'), readFileSync(path)])
  return Object.fromEntries(named.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}
