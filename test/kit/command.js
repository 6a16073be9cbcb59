/** Starts a command that serves something, and ends exactly that process. */
import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/**
 * Resolves once the command has printed its address; rejects, with all it printed, when it ends before that.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{ origin: string, output: () => string, close: () => Promise<void> }>}
 */
export async function startCommand(command, args, cwd) {
  const env = { ...process.env, NODE_ENV: undefined, VITEST: undefined, NO_COLOR: '1', FORCE_COLOR: undefined }
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let output = ''
  /** @type {Promise<string>} */
  const address = new Promise((resolve, reject) => {
    const read = (/** @type {Buffer} */ text) => {
      output += stripVTControlCharacters(text.toString())
      const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(output)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)))
  })
  const close = async () => {
    child.kill()
    await ended
  }
  return { origin: await address, output: () => output, close }
}
