import type { Topic } from '../../src/index.js'

/** What a recorder is given: writes one event; `time` is epoch milliseconds, default now. Never throws. */
export type Emit = (type: string, data: Record<string, unknown>, time?: number) => void

/** Ends a recorder; harmless when called again. */
export type Stop = () => void

/** A recorder watches one kind of thing in one window until it is stopped. */
export type Recorder = (emit: Emit, target?: Window & typeof globalThis) => Stop

/** Binds recorders to a topic. What the topic refuses goes to `onRefused`, never into the page. */
export function emitInto(topic: Pick<Topic, 'record'>, onRefused: (error: unknown) => void): Emit {
  return (type, data, time) => {
    try {
      topic.record(type, data, time === undefined ? {} : { time })
    } catch (error) {
      onRefused(error)
    }
  }
}
