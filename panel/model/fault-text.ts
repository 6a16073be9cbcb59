/** What a rejected promise says, as a sentence. */
export function faultText(error: unknown): string {
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : ''
  return text === '' ? 'The store gave no reason.' : /[.!?]$/.test(text) ? text : `${text}.`
}
