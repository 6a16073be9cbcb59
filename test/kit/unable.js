/** @import { Engine } from './tabs.js' */

/**
 * Tests that an engine cannot run: all of a file, or those whose names hold some words.
 * @typedef {{ file: string, tests?: RegExp, why: string }} Reason
 */

/** @type {Record<Engine, Reason[]>} */
const unable = {
  chromium: [],
  firefox: [],
  webkit: [],
}

/**
 * Null for a test that the engine runs.
 * @param {Engine} engine
 * @param {string} file
 * @param {string} test its whole name
 * @returns {Reason | null}
 */
export function whyUnable(engine, file, test) {
  return unable[engine].find((one) => file.endsWith(one.file) && (one.tests?.test(test) ?? true)) ?? null
}

/**
 * Reasons that no test has any more.
 * @param {Engine} engine
 * @param {Set<Reason>} used
 */
export function reasonsBesides(engine, used) {
  return unable[engine].filter((reason) => !used.has(reason))
}
