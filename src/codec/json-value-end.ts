/** JSON.parse of some engines recurses: what nests deeper is refused before it gets there. */
const MOST_LEVELS = 10_000

const NEWLINE = 0x0a
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/**
 * Finds where one JSON value ends in bytes that come in any pieces, by its outline only: quotes and brackets. A number
 * or a word ends before the first byte that cannot be part of it.
 */
export class JsonValueEnd {
  /** Line breaks passed inside the value. */
  lines = 0
  #bare = false
  #levels = 0
  #inString = false
  #escaped = false

  begin(firstByte: number): void {
    this.lines = 0
    this.#bare = firstByte !== QUOTE && firstByte !== OPEN_BRACKET && firstByte !== OPEN_BRACE
    this.#levels = 0
    this.#inString = false
    this.#escaped = false
  }

  // The index behind the value's last byte; -1 when the piece ends first. `onWrong` throws.
  find(piece: Uint8Array, from: number, onWrong: (at: number, reason: string) => never): number {
    if (this.#bare) return endOfBare(piece, from)
    let levels = this.#levels
    let inString = this.#inString
    let escaped = this.#escaped
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at]!
      if (inString) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) {
          inString = false
          if (levels === 0) return at + 1
        } else if (byte < SPACE) onWrong(at, 'a string is not closed on its line, or holds a raw control character')
      } else if (byte === QUOTE) inString = true
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++levels > MOST_LEVELS) onWrong(at, `a value nests more than ${MOST_LEVELS} levels deep`)
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--levels === 0) return at + 1
      } else if (byte === NEWLINE) this.lines++
    }
    this.#levels = levels
    this.#inString = inString
    this.#escaped = escaped
    return -1
  }
}

function endOfBare(piece: Uint8Array, from: number): number {
  for (let at = from; at < piece.length; at++) {
    const byte = piece[at]!
    if (byte <= SPACE || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return at
  }
  return -1
}
