import { invalidFile } from './invalid-file.js'
import { JsonValueEnd } from './json-value-end.js'

/** One part of a file; `text` is JSON, not parsed yet. */
export interface JsonPart {
  /** A member of the document, an element of its streamed array, or a line behind the document. */
  is: 'member' | 'element' | 'line'
  /** A member's; else empty. */
  name: string
  text: string
  /** Where it begins, from 1. */
  line: number
  /** Its bytes in the file, half-open. */
  from: number
  to: number
}

/** A part becomes one string: it must not grow without bound. */
const MOST_BYTES = 256 * 1024 * 1024

type State =
  | 'start'
  | 'name or end'
  | 'name'
  | 'colon'
  | 'value'
  | 'comma or end'
  | 'element or end'
  | 'element'
  | 'comma or end of array'
  | 'rest of line'
  | 'lines'

const BOM = [0xef, 0xbb, 0xbf]
const NEWLINE = 0x0a
const byteOf = (character: string): number => character.charCodeAt(0)
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Cuts a file that comes in any pieces of bytes into the parts of its JSON object: the elements of the array `streamed`
 * one by one, every other member whole; then into the lines that follow the object, without the empty ones. It holds
 * no more than the part it is in. Parts are cut by their outline: what is wrong inside one, its parser finds.
 */
export class JsonReader {
  readonly #streamed: string
  readonly #end = new JsonValueEnd()
  #state: State = 'start'
  #inValue = false
  #name = ''
  #hasStreamed = false
  /** Of the piece at hand. */
  #offset = 0
  #line = 1
  /** Of the part being cut: where it began, and what of it earlier pieces brought. */
  #from = 0
  #fromLine = 1
  #held: Uint8Array[] = []
  #heldBytes = 0

  constructor(streamed: string) {
    this.#streamed = streamed
  }

  /** The array to be streamed was met. */
  get hasStreamed(): boolean {
    return this.#hasStreamed
  }

  // Throws 'invalid-file' with the line at which the outline breaks.
  push(piece: Uint8Array): JsonPart[] {
    const parts: JsonPart[] = []
    for (let at = 0; at < piece.length;) {
      if (this.#inValue) at = this.#readValue(piece, at, parts)
      else if (this.#state === 'lines') at = this.#readLine(piece, at, parts)
      else if (isSpace(piece[at]!)) this.#skip(piece[at++]!)
      else at = this.#step(piece, at)
    }
    this.#offset += piece.length
    return parts
  }

  end(): JsonPart[] {
    const parts: JsonPart[] = []
    if (this.#state === 'start') this.#wrong(0, 'the file is empty')
    if (this.#state !== 'rest of line' && this.#state !== 'lines') {
      this.#wrong(0, 'the file ends here, in the middle: it was cut short')
    }
    if (this.#heldBytes > 0) this.#takeLine(this.#join(new Uint8Array(0)), parts)
    return parts
  }

  #skip(byte: number): void {
    if (byte !== NEWLINE) return
    this.#line++
    if (this.#state === 'rest of line') this.#state = 'lines'
  }

  // The byte is no space and stands outside of all values.
  #step(piece: Uint8Array, at: number): number {
    const character = String.fromCharCode(piece[at]!)
    switch (this.#state) {
      case 'start':
        if (piece[at] === BOM[this.#offset + at]) return at + 1
        return this.#expect(character === '{', at, 'name or end', 'the file does not begin with an object')
      case 'name or end':
        if (character === '}') return this.#to('rest of line', at)
        return this.#beginName(piece, at)
      case 'name':
        return this.#beginName(piece, at)
      case 'colon':
        return this.#expect(character === ':', at, 'value', `no colon follows "${this.#name}"`)
      case 'value':
        if (this.#name !== this.#streamed || character !== '[') return this.#begin(piece, at)
        if (this.#hasStreamed) this.#wrong(at, `"${this.#streamed}" is there twice`)
        this.#hasStreamed = true
        return this.#to('element or end', at)
      case 'comma or end':
        if (character === '}') return this.#to('rest of line', at)
        return this.#expect(character === ',', at, 'name', 'no comma follows the value')
      case 'element or end':
        if (character === ']') return this.#to('comma or end', at)
        return this.#begin(piece, at)
      case 'element':
        return this.#begin(piece, at)
      case 'comma or end of array':
        if (character === ']') return this.#to('comma or end', at)
        return this.#expect(character === ',', at, 'element', 'no comma follows the value')
      default:
        return this.#wrong(at, 'something follows the end of the object')
    }
  }

  #to(state: State, at: number): number {
    this.#state = state
    return at + 1
  }

  #expect(met: boolean, at: number, state: State, reason: string): number {
    return met ? this.#to(state, at) : this.#wrong(at, reason)
  }

  #beginName(piece: Uint8Array, at: number): number {
    if (piece[at] !== byteOf('"')) this.#wrong(at, 'a name in quotes was expected')
    return this.#begin(piece, at)
  }

  #begin(piece: Uint8Array, at: number): number {
    if (',:]}'.includes(String.fromCharCode(piece[at]!))) this.#wrong(at, 'a value was expected')
    this.#from = this.#offset + at
    this.#fromLine = this.#line
    this.#inValue = true
    this.#end.begin(piece[at]!)
    return at
  }

  #readValue(piece: Uint8Array, at: number, parts: JsonPart[]): number {
    const end = this.#end.find(piece, at, (wrongAt, reason) => this.#wrong(wrongAt, reason))
    if (end === -1) return this.#hold(piece, at)
    this.#inValue = false
    this.#line += this.#end.lines
    const bytes = this.#join(piece.subarray(at, end))
    if (this.#state === 'value') {
      parts.push(this.#part('member', bytes, this.#name))
      this.#state = 'comma or end'
    } else if (this.#state === 'element or end' || this.#state === 'element') {
      parts.push(this.#part('element', bytes))
      this.#state = 'comma or end of array'
    } else {
      this.#name = this.#parseName(this.#part('member', bytes).text)
      this.#state = 'colon'
    }
    return end
  }

  #readLine(piece: Uint8Array, at: number, parts: JsonPart[]): number {
    if (this.#heldBytes === 0) {
      this.#from = this.#offset + at
      this.#fromLine = this.#line
    }
    const end = piece.indexOf(NEWLINE, at)
    if (end === -1) return this.#hold(piece, at)
    this.#takeLine(this.#join(piece.subarray(at, end)), parts)
    this.#line++
    return end + 1
  }

  #takeLine(bytes: Uint8Array, parts: JsonPart[]): void {
    const part = this.#part('line', bytes)
    if (part.text.trim() !== '') parts.push(part)
  }

  #part(is: JsonPart['is'], bytes: Uint8Array, name = ''): JsonPart {
    const [line, from] = [this.#fromLine, this.#from]
    try {
      return { is, name, text: decoder.decode(bytes), line, from, to: from + bytes.length }
    } catch (error) {
      throw invalidFile({ line, byte: from }, 'it is not UTF-8 text', error)
    }
  }

  #parseName(text: string): string {
    try {
      return JSON.parse(text) as string
    } catch (error) {
      throw invalidFile({ line: this.#fromLine, byte: this.#from }, `the name ${text.slice(0, 40)} is not JSON`, error)
    }
  }

  // What is left of the piece belongs to the part.
  #hold(piece: Uint8Array, at: number): number {
    this.#held.push(piece.subarray(at))
    this.#heldBytes += piece.length - at
    if (this.#heldBytes > MOST_BYTES) this.#wrong(at, `one value is longer than ${MOST_BYTES} bytes`)
    return piece.length
  }

  #join(last: Uint8Array): Uint8Array {
    if (this.#heldBytes === 0) return last
    const whole = new Uint8Array(this.#heldBytes + last.length)
    let at = 0
    for (const bytes of [...this.#held, last]) {
      whole.set(bytes, at)
      at += bytes.length
    }
    this.#held = []
    this.#heldBytes = 0
    return whole
  }

  #wrong(at: number, reason: string): never {
    throw invalidFile({ line: this.#line + (this.#inValue ? this.#end.lines : 0), byte: this.#offset + at }, reason)
  }
}
