export interface Completion {
  /** Takes the place of the word. */
  text: string
  /** A word on what it is for; empty for names. */
  says: string
}

export interface Completions {
  /** Where the word lies that they complete. */
  from: number
  to: number
  items: Completion[]
}

export interface KnownNames {
  topics: readonly string[]
  types: readonly string[]
}

const MOST = 8

const FIELDS: readonly Completion[] = [
  { text: 'topic:', says: 'part of its topic, or a /pattern/' },
  { text: 'type:', says: 'part of its type, or a /pattern/' },
  { text: '-type:', says: 'all but these' },
  { text: 'data.', says: 'compare a value inside: data.amount>100' },
  { text: 'tab:me', says: 'recorded by this tab' },
  { text: 'since:', says: 'a time, or -5m' },
  { text: 'until:', says: 'a time, or -5m' },
]

/** What may be meant by the word before the cursor; null where nothing can be said. */
export function completionsAt(text: string, cursor: number, { topics, types }: KnownNames): Completions | null {
  const word = /(?:^|\s)([^\s"]*)$/.exec(text.slice(0, cursor))?.[1]
  if (word === undefined) return null
  const named = /^(-?)(topic|type):(.*)$/.exec(word)
  const items =
    named === null ? fields(word) : names(named[1]! + named[2]!, named[3]!, named[2] === 'topic' ? topics : types)
  return items.length === 0 ? null : { from: cursor - word.length, to: cursor, items }
}

function fields(word: string): Completion[] {
  return FIELDS.filter(({ text }) => text.startsWith(word.toLowerCase()) && text !== word)
}

// Those that begin with it first.
function names(field: string, part: string, known: readonly string[]): Completion[] {
  const wanted = part.toLowerCase()
  const found = known.filter((name) => name.toLowerCase().includes(wanted))
  const begins = (name: string): boolean => name.toLowerCase().startsWith(wanted)
  return [...found.filter(begins), ...found.filter((name) => !begins(name))]
    .slice(0, MOST)
    .map((name) => ({ text: `${field}:${written(name)} `, says: '' }))
}

function written(name: string): string {
  return /^[^\s"/][^\s"]*$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`
}
