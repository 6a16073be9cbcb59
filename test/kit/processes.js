/** The processes of this machine, as /proc tells them (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

/** @typedef {{ pid: number, name: string, parent: number }} Process */

/**
 * All that a process started, and all that those started.
 * @param {number} root
 * @returns {Process[]}
 */
export function descendantsOf(root) {
  const all = everyProcess()
  const own = (/** @type {number} */ pid) => all.filter(({ parent }) => parent === pid)
  /** @type {Process[]} */
  const found = own(root)
  // Grows while it is walked.
  for (const { pid } of found) found.push(...own(pid))
  return found
}

/** @returns {Process[]} */
function everyProcess() {
  return readdirSync('/proc').flatMap((entry) => {
    const found = /^\d+$/.test(entry) ? /^(\d+) \((.*)\) . (\d+)/s.exec(statOf(entry)) : null
    return found ? [{ pid: Number(found[1]), name: found[2] ?? '', parent: Number(found[3]) }] : []
  })
}

/** @param {string} entry */
function statOf(entry) {
  try {
    return readFileSync(`/proc/${entry}/stat`, 'utf8')
  } catch {
    return '' // it has ended meanwhile
  }
}

/**
 * Ends a process as a crash would, and resolves once it is gone.
 * @param {number} pid
 */
export async function killProcess(pid) {
  process.kill(pid, 'SIGKILL')
  await until(() => {
    const state = /\) (\w)/.exec(statOf(String(pid)))?.[1]
    return state === undefined || state === 'Z'
  })
}

/**
 * Resolves once it holds; looked at again and again, since nobody tells of other people's processes.
 * @param {() => unknown} holds
 */
export async function until(holds, timeoutMs = 20_000) {
  const deadline = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not after ${timeoutMs} ms: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
