/** Text is moved out of the heap into Blobs of this size. */
const PIECE_CHARACTERS = 1024 * 1024

/** A long text on its way into a file: only its newest piece is held. */
export class Pieces {
  readonly #blobs: Blob[] = []
  #bytes = 0
  #texts: string[] = []
  #characters = 0

  /** So far; of what is not in a Blob yet, the characters. */
  get bytes(): number {
    return this.#bytes + this.#characters
  }

  add(text: string): void {
    this.#texts.push(text)
    this.#characters += text.length
    if (this.#characters >= PIECE_CHARACTERS) this.#spill()
  }

  blobs(): Blob[] {
    if (this.#characters > 0) this.#spill()
    return this.#blobs
  }

  #spill(): void {
    const blob = new Blob(this.#texts)
    this.#blobs.push(blob)
    this.#bytes += blob.size
    this.#texts = []
    this.#characters = 0
  }
}
