export const LABEL_LENGTH = 80

/** One line of at most `length` characters; what is cut shows as '…'. */
export function bounded(text: string, length = LABEL_LENGTH): string {
  // Cut before the expression runs: a page may hand us a megabyte.
  const line = text
    .slice(0, length * 8)
    .replace(/\s+/g, ' ')
    .trim()
  if (line.length <= length) return line
  // Never half of a surrogate pair: it could not be written as UTF-8.
  return `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
