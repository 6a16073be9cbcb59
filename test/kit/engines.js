/** The engines that tests run in. */
import { startKit } from './browser.js'
import { startWebKit } from './webkit.js'

/** @import { LaunchOptions } from 'playwright-core' */
/** @import { ServeOptions } from './static-server.js' */
/** @import { Engine, Kit } from './tabs.js' */

/**
 * A browser of the engine and a server of the built package.
 * @param {Engine} engine
 * @param {ServeOptions & { launchChromium?: LaunchOptions, firefoxPrefs?: LaunchOptions['firefoxUserPrefs'] }} [options]
 * @returns {Promise<Kit>}
 */
export function startEngine(engine, { launchChromium = {}, firefoxPrefs = {}, ...served } = {}) {
  if (engine === 'webkit') return startWebKit(served)
  const launch = engine === 'firefox' ? { firefoxUserPrefs: firefoxPrefs } : launchChromium
  return startKit({ ...served, engine, launch })
}
