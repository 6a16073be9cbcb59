/** A text in pieces of about so many characters, at least one; no character is cut in two. */
export function* textPieces(text: string, size: number): Generator<{ piece: string; isLast: boolean }> {
  let from = 0
  do {
    let to = Math.min(text.length, from + size)
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to++
    yield { piece: text.slice(from, to), isLast: to === text.length }
    from = to
  } while (from < text.length)
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00
}
