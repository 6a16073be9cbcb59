import { asToPanel, asToStore, type ToStore } from '../src/protocol/devtools.js'
import { AnnouncedStores } from './announced-stores.js'
import { DirectPort } from './direct-port.js'
import { onFrameLoad, originsInside } from './frames-inside.js'
import { MAILBOX, type Exchanged, type Mailbox, type Posted } from './mailbox-entries.js'
import type { FromFrame } from './messages.js'

// Evaluated in the page where the browser gives a panel no other way in. What the stores say is kept here until the
// panel comes for it; it stops coming when it is closed, and then nothing is asked.

/** Nobody has come for anything for so long: DevTools were closed, which nothing tells. */
const LEFT_AFTER_MS = 60_000

/** Pieces of answers handed over at once, in characters. */
const MOST_AT_ONCE = 4 * 2 ** 20

interface Line {
  say(message: unknown): void
  end(): void
  isOver(): boolean
}

const scope = globalThis as { [MAILBOX]?: Mailbox }

if (scope[MAILBOX] === undefined) {
  const frames: Window[] = []
  const known = new WeakMap<Window, AnnouncedStores>()
  const lines = new Map<number, Line>()
  const said: Exchanged['said'] = []
  let ended: number[] = []
  let reader = ''
  let leaving: ReturnType<typeof setTimeout> | undefined

  const endAll = (): void => {
    for (const line of lines.values()) line.end()
    ended.push(...lines.keys())
    lines.clear()
    said.length = 0
  }

  const storesOf = (frame: Window): AnnouncedStores => {
    const before = known.get(frame)
    const stores = before?.isOf(frame) === true ? before : new AnnouncedStores(frame)
    known.set(frame, stores)
    return stores
  }

  const openFrame = (line: number, frame: Window): Line => {
    const stores = storesOf(frame)
    let isOpen = true
    const tell = (message: FromFrame): void => {
      if (isOpen) said.push({ line, message })
    }
    const { origin, pathname } = frame.location
    tell({ is: 'frame', origin, path: pathname })
    tell({ is: 'stores', stores: stores.found() })
    stores.watch(() => tell({ is: 'stores', stores: stores.found() }))
    const tellInside = (): void => tell({ is: 'inside', origins: originsInside(frame.document) })
    tellInside()
    const stopWatching = onFrameLoad(frame.document, tellInside)
    const onLeave = ({ persisted }: PageTransitionEvent): void => tell({ is: 'leaving', cached: persisted })
    frame.addEventListener('pagehide', onLeave)
    return {
      say() {},
      end() {
        isOpen = false
        stopWatching()
        frame.removeEventListener('pagehide', onLeave)
      },
      isOver: () => frame.closed || !stores.isOf(frame),
    }
  }

  const openStore = (line: number, frame: Window, id: number): Line | null => {
    const store = storesOf(frame).get(id)
    if (store === undefined) return null
    const port = new DirectPort((saidByStore) => {
      const message = asToPanel(saidByStore)
      if (message !== null) said.push({ line, message })
    })
    store.serve(port)
    return {
      say(message) {
        const asked = asToStore(message)
        if (asked !== null) port.say(asked)
      },
      end() {
        port.say({ is: 'bye' } satisfies ToStore)
        port.close()
      },
      isOver: () => storesOf(frame).get(id) !== store,
    }
  }

  const take = (entry: Posted): void => {
    if (entry.to === 'say') lines.get(entry.line)?.say(entry.message)
    else if (entry.to === 'end') {
      lines.get(entry.line)?.end()
      lines.delete(entry.line)
    } else {
      const frame = frames[entry.frame]
      const opened =
        frame === undefined
          ? null
          : entry.to === 'open-frame'
            ? openFrame(entry.line, frame)
            : openStore(entry.line, frame, entry.store)
      lines.set(entry.line, opened ?? { say() {}, end() {}, isOver: () => true })
    }
  }

  const reachable = (): number[] =>
    Array.from(windowsIn(window), (frame) => {
      if (!frames.includes(frame)) frames.push(frame)
      return frames.indexOf(frame)
    })

  scope[MAILBOX] = {
    id: Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join('-'),
    frames: reachable,
    exchange(by, posted) {
      clearTimeout(leaving)
      leaving = setTimeout(endAll, LEFT_AFTER_MS)
      if (by !== reader) {
        endAll()
        ended = []
        reader = by
      }
      const ids = reachable()
      for (const entry of posted) take(entry)
      for (const [number, line] of lines) {
        if (!line.isOver()) continue
        take({ line: number, to: 'end' })
        ended.push(number)
      }
      const exchanged: Exchanged = { frames: ids, said: said.splice(0, countUpTo(said, MOST_AT_ONCE)), ended }
      ended = []
      return JSON.stringify(exchanged)
    },
  }
}

/** A window and the frames in it that it may look into, which are those of its own origin. */
function* windowsIn(top: Window): Generator<Window> {
  yield top
  for (let at = 0; at < top.length; at++) {
    const frame = top[at]!
    if (isOurs(frame)) yield* windowsIn(frame)
  }
}

function isOurs(frame: Window): boolean {
  try {
    return frame.document !== null
  } catch {
    return false
  }
}

function countUpTo(said: Exchanged['said'], most: number): number {
  let size = 0
  const end = said.findIndex(({ message }) => {
    const { piece } = message as { piece?: unknown }
    size += typeof piece === 'string' ? piece.length : 0
    return size > most
  })
  return end < 0 ? said.length : Math.max(1, end)
}
