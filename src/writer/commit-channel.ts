import { commitChannelName } from '../protocol/names.js'

/** On which the writers of a store tell each other of commits; null where there is none. */
export function openCommitChannel(store: string, onCommit: () => void): BroadcastChannel | null {
  if (typeof BroadcastChannel === 'undefined') return null
  const channel = new BroadcastChannel(commitChannelName(store))
  channel.onmessage = onCommit
  // In Node an open channel would keep the process alive.
  ;(channel as { unref?: () => void }).unref?.()
  return channel
}
