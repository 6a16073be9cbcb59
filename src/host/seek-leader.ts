import { randomId } from '../core/ids.js'
import { asLeaderMessage, type LeaderMessage } from '../protocol/leader.js'
import { lineChannelName } from '../protocol/names.js'
import type { Line } from './remote.js'
import { awakeMs, LOOK_MS } from './watchdog.js'

interface Dialled {
  name: string
  channel: BroadcastChannel
}

/**
 * Asks all tabs for the leader's worker until one answers. `onSilent` is called whenever none has for `patienceMs` in
 * which this page was awake. Returns how to give up.
 */
export function seekLeader(
  channel: BroadcastChannel,
  patienceMs: number,
  onFound: (line: Line) => void,
  onSilent: () => void,
): () => void {
  const dialled = new Map<string, Dialled>()
  let silentMs = 0
  let askedAt = 0
  let timer: ReturnType<typeof setTimeout>
  const say = (message: LeaderMessage): void => channel.postMessage(message)
  const lineOf = ({ name, channel: endpoint }: Dialled): Line => ({
    // A transfer list would be ignored: what goes through a BroadcastChannel is always copied.
    endpoint,
    failed: new Promise<never>(() => {}),
    elected: true,
    hangUp() {
      endpoint.close()
      hangUp(name)
    },
  })

  const hear = (event: MessageEvent): void => {
    const message = asLeaderMessage(event.data)
    if (message?.tabscribe === 'starting') silentMs = 0
    else if (message?.tabscribe === 'here' && !dialled.has(message.worker)) {
      silentMs = 0
      const name = randomId()
      dialled.set(message.worker, { name, channel: new BroadcastChannel(lineChannelName(name)) })
      say({ tabscribe: 'dial', worker: message.worker, line: name })
    } else if (message?.tabscribe === 'open') {
      for (const [worker, own] of dialled) {
        if (own.name !== message.line) continue
        dialled.delete(worker)
        stop()
        onFound(lineOf(own))
        return
      }
    }
  }
  const ask = (): void => {
    askedAt = performance.now()
    timer = setTimeout(look, LOOK_MS)
    say({ tabscribe: 'seek' })
  }
  const look = (): void => {
    silentMs += awakeMs(performance.now() - askedAt, LOOK_MS)
    ask()
    if (silentMs < patienceMs) return
    silentMs = 0
    onSilent()
  }
  const stop = (): void => {
    clearTimeout(timer)
    channel.removeEventListener('message', hear)
    for (const own of dialled.values()) lineOf(own).hangUp()
    dialled.clear()
  }
  channel.addEventListener('message', hear)
  ask()
  return stop

  // The shared channel may be closed by then.
  function hangUp(line: string): void {
    try {
      say({ tabscribe: 'hang-up', line })
    } catch {}
  }
}
