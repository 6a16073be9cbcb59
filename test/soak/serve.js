import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @import { ServeOptions } from '../kit/static-server.js' */

/**
 * Two versions of the app, each with a worker of its own: the built package at two addresses.
 * @param {string} dist
 * @returns {ServeOptions}
 */
export function servedFrom(dist) {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const sabotage = readFileSync(join(folder, 'page', 'sabotage.js'), 'utf8')
  const worker = `${sabotage}\n${readFileSync(join(dist, 'worker.js'), 'utf8')}`
  return {
    answers: {
      '/a': soakPage('/dist-a/'),
      '/b': soakPage('/dist-b/'),
      '/dist-a/worker.js': worker,
      '/dist-b/worker.js': worker,
      '/keeper': '<!doctype html><script type="module" src="/soak/page/keeper.js"></script>',
    },
    folders: { '/dist-a/': dist, '/dist-b/': dist, '/soak/': folder },
  }
}

/**
 * The aborts are in before anything else is.
 * @param {string} dist
 */
function soakPage(dist) {
  return `<!doctype html><meta charset="utf-8"><title>soak</title>
<script src="/soak/page/sabotage.js"></script>
<script type="importmap">{ "imports": { "tabscribe": "${dist}index.js" } }</script>
<script type="module" src="/soak/page/agent.js"></script><body></body>`
}
