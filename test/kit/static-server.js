/**
 * Serves a folder on this machine, as a plain web server would: right MIME types, 404 for what is not there, and
 * whatever headers a test wants (a Content-Security-Policy, no-store …), for all paths or by path.
 */
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

/** @import { IncomingMessage, ServerResponse } from 'node:http' */

/** @type {Record<string, string>} */
const mimeTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
}

/**
 * @typedef {object} Answer what to answer at a path, instead of a file
 * @property {string} body
 * @property {string} [type] a MIME type; default by the path's ending, else HTML
 * @property {number} [status]
 */

/**
 * @typedef {object} ServeOptions
 * @property {Record<string, string>} [folders] further folders by URL prefix: `{ '/dist/': '…/dist' }`
 * @property {Record<string, Answer | string>} [answers] exact paths answered from memory; a string is a body
 * @property {Record<string, string>} [headers] sent with everything
 * @property {Record<string, Record<string, string>>} [headersByPath] added at exact paths
 * @property {(request: IncomingMessage, response: ServerResponse) => boolean} [answerFirst] true: it has answered
 * @property {() => string} [prelude] a script that runs in every HTML page before anything of its own
 */

/**
 * @typedef {object} StaticServer
 * @property {string} origin `http://127.0.0.1:port`, without a slash at the end
 * @property {string[]} missing paths that were asked for and not there, favicon aside
 * @property {() => Promise<void>} close
 */

/**
 * Resolves once it listens on a free port of 127.0.0.1. Serves answers first, then the folders, then `root`.
 * @param {string | null} root
 * @param {ServeOptions} [options]
 * @returns {Promise<StaticServer>}
 */
export async function serveFolder(root, options = {}) {
  /** @type {string[]} */
  const missing = []
  const server = createServer((request, response) => {
    if (options.answerFirst?.(request, response)) return
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    answer(path, root, options).then(
      (found) => {
        if (found === null && path !== '/favicon.ico') missing.push(path)
        const { status = 200, type, body } = found ?? { status: 404, type: 'text/plain', body: 'Not found' }
        response.writeHead(status, { 'content-type': type, ...options.headers, ...options.headersByPath?.[path] })
        response.end(options.prelude && type?.startsWith('text/html') ? withScript(options.prelude(), body) : body)
      },
      (trouble) => response.writeHead(500).end(String(trouble)),
    )
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(undefined))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return { origin: `http://127.0.0.1:${address.port}`, missing, close: () => closed(server) }
}

/**
 * @param {string} path
 * @param {string | null} root
 * @param {ServeOptions} options
 * @returns {Promise<{ status?: number, type: string, body: string | Buffer } | null>}
 */
async function answer(path, root, { answers = {}, folders = {} }) {
  const held = answers[path]
  if (held !== undefined) {
    const { type = mimeTypes[extname(path)] ?? mimeTypes['.html'] ?? '', ...rest } =
      typeof held === 'string' ? { body: held } : held
    return { type, ...rest }
  }
  const prefix = Object.keys(folders).find((candidate) => path.startsWith(candidate))
  const folder = prefix === undefined ? root : folders[prefix]
  if (folder === null || folder === undefined) return null
  return fileIn(folder, prefix === undefined ? path : path.slice(prefix.length))
}

/**
 * @param {string} folder
 * @param {string} path
 */
async function fileIn(folder, path) {
  const wanted = normalize(join(folder, path))
  if (wanted !== normalize(folder) && !wanted.startsWith(normalize(folder + sep))) return null
  const found = await stat(wanted).catch(() => null)
  if (found === null) return null
  const file = found.isDirectory() ? join(wanted, 'index.html') : wanted
  const body = await readFile(file).catch(() => null)
  return body && { type: mimeTypes[extname(file)] ?? 'application/octet-stream', body }
}

/**
 * @param {string} script
 * @param {string | Buffer} page
 */
function withScript(script, page) {
  const [, doctype = '', rest = ''] = /^(<!doctype html>)?(.*)$/is.exec(String(page)) ?? []
  return `${doctype}<script>${script}</script>${rest}`
}

/**
 * @param {import('node:http').Server} server
 * @returns {Promise<void>}
 */
function closed(server) {
  return new Promise((resolve, reject) => {
    server.close((trouble) => (trouble ? reject(trouble) : resolve()))
    server.closeAllConnections()
  })
}
