import type { Endpoint } from 'comlink'
import { asLeaderMessage, type LeaderMessage, type WorkerNotice } from '../protocol/leader.js'
import { leaderChannelName, lineChannelName } from '../protocol/names.js'
import { PROTOCOL_VERSION } from '../protocol/version.js'
import { servePort, type HeldId } from './serve.js'
import type { Writers } from './writers.js'

/** Makes the leader's worker reachable for all other tabs: each gets a line of its own, since ports cannot be passed. */
export function answerTabs(id: string, writers: Writers, held: HeldId, scope: Pick<Endpoint, 'postMessage'>): void {
  const channel = new BroadcastChannel(leaderChannelName(PROTOCOL_VERSION))
  const lines = new Map<string, () => void>()
  const say = (message: LeaderMessage): void => channel.postMessage(message)

  const open = (name: string): void => {
    const line = new BroadcastChannel(lineChannelName(name))
    const letGo = servePort(line, writers, held, () => close(name))
    lines.set(name, () => {
      lines.delete(name)
      letGo()
      line.close()
    })
  }
  const close = (name: string): void => lines.get(name)?.()

  channel.addEventListener('message', (event) => {
    const message = asLeaderMessage(event.data)
    if (message?.tabscribe === 'seek') say({ tabscribe: 'here', worker: id })
    else if (message?.tabscribe === 'hang-up') close(message.line)
    else if (message?.tabscribe === 'dial' && message.worker === id) {
      if (!lines.has(message.line)) open(message.line)
      say({ tabscribe: 'open', line: message.line })
    }
  })
  scope.postMessage({ tabscribe: 'leading' } satisfies WorkerNotice)
  say({ tabscribe: 'here', worker: id })
}
