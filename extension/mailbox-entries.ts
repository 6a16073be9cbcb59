import { isAnything, isText, isWhole, listOf, shape } from '../src/protocol/shape.js'

// What goes back and forth where the browser lets a panel evaluate code in the page, and nothing else (Firefox). Lines
// have numbers that the panel makes up.

export const MAILBOX: unique symbol = Symbol.for('tabscribe.mailbox') as never

/** In what is evaluated, as JSON. */
export type Posted =
  | { line: number; to: 'open-frame'; frame: number }
  | { line: number; to: 'open-store'; frame: number; store: number }
  | { line: number; to: 'say'; message: unknown }
  | { line: number; to: 'end' }

/** What the evaluation gives, as JSON. Whoever's page it is can forge it. */
export interface Exchanged {
  frames: number[]
  said: { line: number; message: unknown }[]
  ended: number[]
}

export interface Mailbox {
  /** Another one after each load of the page. */
  readonly id: string
  frames(): number[]
  /**
   * Text: Firefox lets no typed array out of the page, and a hello has one. `reader` is whose the lines are: what another
   * one has left open ends.
   */
  exchange(reader: string, posted: Posted[]): string
}

const MOST = 10_000

export const areFrames = listOf(isWhole, MOST)

export const isExchanged = shape<Exchanged>({
  frames: areFrames,
  said: listOf(shape<{ line: number; message: unknown }>({ line: isWhole, message: isAnything }), MOST),
  ended: listOf(isWhole, MOST),
})

export const isMailboxId = isText
