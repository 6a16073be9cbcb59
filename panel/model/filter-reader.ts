export interface FilterError {
  from: number
  to: number
  message: string
}

/** A term that cannot be understood: carries the sentence for the user. */
export class FilterSyntaxError extends Error {}

/** A cursor over the text of the search bar; the pieces of the filter language read from it. */
export class FilterReader {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  peek(): string {
    return this.text[this.at] ?? ''
  }

  /** Matches at the cursor and moves past it. The pattern must be sticky. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match !== null) this.at = pattern.lastIndex
    return match
  }

  space(): void {
    this.take(/\s*/y)
  }

  bareWord(): string {
    return this.take(/\S+/y)?.[0] ?? ''
  }

  /** The cursor stands on a quote; `\"` inside stands for a quote. */
  quoted(): string {
    const match = this.take(/"((?:[^"\\]|\\[\s\S])*)"/y)
    if (match === null) {
      this.at = this.text.length
      throw new FilterSyntaxError('The quoted text has no closing quote.')
    }
    return (match[1] ?? '').replace(/\\([\s\S])/g, '$1')
  }

  /** The cursor stands on a slash. */
  pattern(): { pattern: string; flags: string } {
    const match = this.take(/\/((?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+)\/([a-z]*)/y)
    if (match === null) {
      this.bareWord()
      throw new FilterSyntaxError('The pattern has no closing slash: write it as in type:/paid$/i.')
    }
    const [, pattern = '', flags = ''] = match
    try {
      new RegExp(pattern, flags)
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^.*:\s*/, '') : 'unknown'
      throw new FilterSyntaxError(`The pattern /${pattern}/${flags} is not valid: ${reason}.`)
    }
    return { pattern, flags }
  }
}
