import type { Store } from '../../src/index.js'
import { repositoryRoot } from './browser.js'
import { serveFolder, type ServeOptions, type StaticServer } from './static-server.js'

/**
 * Pages that use the built package as an app would, at the paths a test names:
 *
 *   /app?stores=shop,audit&events=3   opens these stores and appends so many events to each; `globalThis.stores` has them
 *   /app?late                         opens the same, but only once `openLate()` is called
 *   /bare                             knows nothing of it
 *   /start/                           the built start page
 */
export async function servePages(options: ServeOptions = {}): Promise<StaticServer> {
  return serveFolder(null, {
    ...options,
    answers: {
      '/app': page('<script type="module" src="/app.js"></script>'),
      '/app.js': { body: app, type: 'text/javascript' },
      '/bare': page('<p>Nothing here.</p>'),
      ...options.answers,
    },
    folders: {
      '/dist/': `${repositoryRoot}dist`,
      '/start/': `${repositoryRoot}artifacts/start-page`,
      ...options.folders,
    },
  })
}

export function page(body: string, head = ''): string {
  return `<!doctype html><meta charset="utf-8"><title>app</title>${head}<body>${body}</body>`
}

const app = `import { openStore } from '/dist/index.js'
const search = new URLSearchParams(location.search)
globalThis.stores = {}
globalThis.openLate = async () => {
  for (const name of (search.get('stores') ?? 'shop').split(',')) {
    const store = (globalThis.stores[name] = await openStore(name))
    const drafts = Array.from({ length: Number(search.get('events') ?? 3) }, (_, at) => ({ type: 'added', data: { at } }))
    if (drafts.length > 0) await store.topic('cart').append(drafts)
  }
  document.title = 'ready'
}
if (!search.has('late')) await openLate()
`

/** What the pages above have in their global scope. */
declare global {
  var stores: Record<string, Store>
  var openLate: () => Promise<void>
}
