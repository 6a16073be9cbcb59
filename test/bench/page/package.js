/** The built package, with the types of its source: there need not be a build for the types to be checked. */

/** @typedef {typeof import('../../../src/index.js')} Package */

/**
 * @param {string} path of its index.js on the server
 * @returns {Promise<Package>}
 */
export function load(path) {
  return import(path)
}

export const { openStore, deleteStore, defineProjection } = await load('/dist/index.js')
