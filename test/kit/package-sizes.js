/**
 * What an app downloads of the package, and the limits that a test holds it to. README's table is made of them.
 *
 *   npm run sizes   prints what it is now, fails where that is more, and writes the table
 */
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { tableRow, writeBlock } from './readme-block.js'

const distPath = fileURLToPath(new URL('../../dist', import.meta.url))

/** `after`: what is there already, and not counted again. In KB of 1,000 bytes, gzip, every file by itself. */
export const sizes = [
  { what: "`import 'tabscribe'`, all of it", file: 'index.js', after: [], mostKb: 12 },
  {
    what: 'what opening a store loads besides, while the worker starts',
    file: 'chunks/client.js',
    after: ['index.js'],
    mostKb: 18,
  },
  { what: 'the worker, counters and log included', file: 'worker.js', after: [], mostKb: 52 },
  { what: '`tabscribe/react`', file: 'react.js', after: [], mostKb: 3 },
  { what: '`tabscribe/preact`', file: 'preact.js', after: [], mostKb: 3 },
  { what: '`tabscribe/memory`', file: 'memory.js', after: [], mostKb: 10 },
  { what: '`tabscribe/panel`, its Preact included', file: 'panel.js', after: [], mostKb: 54 },
  { what: '`tabscribe/testing`', file: 'testing.js', after: ['index.js'], mostKb: 1 },
]

/** The file and all that it imports at once. @param {string} file */
export function loadedWith(file) {
  const files = new Set([file])
  for (const own of files) {
    for (const [, path = ''] of read(own).matchAll(/(?:^|[;}])(?:import|export)[^"'();]*["'](\.[^"']+)["']/g)) {
      files.add(posix.join(posix.dirname(own), path))
    }
  }
  return files
}

/** @param {{ file: string, after: string[] }} size */
export function bytesOf({ file, after }) {
  const there = new Set(after.flatMap((own) => [...loadedWith(own)]))
  const files = [...loadedWith(file)].filter((own) => !there.has(own))
  return files.reduce((sum, own) => sum + gzipSync(read(own), { level: 9 }).length, 0)
}

/** @type {import('./readme-block.js').Block} */
export const block = {
  name: 'sizes',
  command: 'npm run sizes',
  markdown: () =>
    ['| what is downloaded | at most, gzip |', '| --- | ---: |']
      .concat(sizes.map(({ what, mostKb }) => tableRow([what, `${mostKb} KB`])))
      .join('\n'),
}

/** @param {string} file */
function read(file) {
  return readFileSync(join(distPath, file), 'utf8')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const size of sizes) {
    const kb = bytesOf(size) / 1000
    console.log(`${kb.toFixed(1).padStart(6)} of ${size.mostKb} KB  ${size.what}`)
    if (kb > size.mostKb) process.exitCode = 1
  }
  writeBlock(block)
}
