/** Comlink as it is, with its own types. */

/** @typedef {typeof import('comlink')} Comlink */

/**
 * @param {string} path of it on the server
 * @returns {Promise<Comlink>}
 */
export function loadComlink(path = '/comlink/comlink.mjs') {
  return import(path)
}
