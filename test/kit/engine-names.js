/** @import { Engine } from './tabs.js' */

/** @type {Engine[]} */
export const engines = ['chromium', 'firefox', 'webkit']

/**
 * The test projects of an engine: single pages, and several tabs.
 * @param {Engine} engine
 */
export function projectsOf(engine) {
  const ending = engine === 'chromium' ? '' : `-${engine}`
  return { pages: `browser${ending}`, tabs: `tabs${ending}` }
}
