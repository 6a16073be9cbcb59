/** The engines that tests run in. */
import { startKit } from './browser.js'
import { startWebKit } from './webkit.js'

/** @import { LaunchOptions } from 'playwright-core' */
/** @import { ServeOptions } from './static-server.js' */
/** @import { Engine, Kit } from './tabs.js' */

/**
 * A browser of the engine and a server of the built package.
 * @param {Engine} engine
 * @param {ServeOptions & { launchChromium?: LaunchOptions }} [options]
 * @returns {Promise<Kit>}
 */
export function startEngine(engine, { launchChromium: launch, ...served } = {}) {
  if (engine === 'webkit') return startWebKit(served)
  return startKit({ ...served, engine, ...(engine === 'chromium' && launch ? { launch } : {}) })
}
