import { startBuild } from './tabscribe.js'

/** @import { Work } from '../contenders.js' */

/**
 * tabscribe as it is in the build given by --against.
 * @param {string} name
 * @param {Work} work
 */
export function start(name, work) {
  return startBuild('/against/index.js', name, work)
}
