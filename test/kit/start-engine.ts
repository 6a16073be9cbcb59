import type { LaunchOptions } from 'playwright-core'
import { startKit } from './browser.js'
import type { ServeOptions } from './static-server.js'
import type { Engine, Kit } from './tabs.js'
import { startWebKit } from './webkit.js'

export function startEngine(engine: Engine, options: ServeOptions & { launch?: LaunchOptions } = {}): Promise<Kit> {
  const { launch, ...served } = options
  if (engine === 'webkit') return startWebKit(served)
  return startKit({ ...served, engine, ...(engine === 'chromium' && launch ? { launch } : {}) })
}
