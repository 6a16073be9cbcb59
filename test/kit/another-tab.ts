import { isRealIndexedDb } from './indexeddb.js'
import { vi } from 'vitest'
import type * as Tabscribe from '../../src/index.js'

export type Library = Pick<typeof Tabscribe, 'openStore' | 'deleteStore'>

export interface AnotherTab {
  readonly library: Library
  close(): void
}

/**
 * The library as another tab has it: modules of its own, and so its own producer and its own connections. In a browser
 * that is a frame of this page, with a writer of its own when it is inline. In Node it is a second copy of the modules,
 * with what opening a store loads; what is imported on demand later is shared by all copies, and so is the writer inline.
 */
export async function openAnotherTab(): Promise<AnotherTab> {
  if (isRealIndexedDb) return openFrame()
  vi.resetModules()
  const library = await import('../../src/index.js')
  const first = await library.openStore('loaded', { host: 'inline', storage: 'memory' })
  await first.close()
  return { library, close() {} }
}

interface FrameWindow extends Window {
  library?: Library
  loaded?: (library: Library) => void
  failed?: (error: unknown) => void
}

async function openFrame(): Promise<AnotherTab> {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  const page = frame.contentDocument!
  const script = page.createElement('script')
  script.type = 'module'
  // Vitest passes dynamic imports through a function of its page; the modules are the same ones here.
  script.textContent = `
    globalThis.__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() }
    import(${JSON.stringify(new URL('../../src/index.ts', import.meta.url).pathname)}).then(loaded, failed)`
  const library = await new Promise<Library>((resolve, reject) => {
    Object.assign(frame.contentWindow!, { loaded: resolve, failed: reject } satisfies FrameWindow | object)
    page.head.append(script)
  })
  return { library, close: () => frame.remove() }
}
