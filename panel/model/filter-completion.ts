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
  /** `data.amount`, as the filter writes them. */
  paths: readonly string[]
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
export function completionsAt(text: string, cursor: number, known: KnownNames): Completions | null {
  const before = text.slice(0, cursor)
  const word = pathBefore(before) ?? /(?:^|\s)([^\s"]*)$/.exec(before)?.[1]
  if (word === undefined) return null
  const items = itemsFor(word, known)
  return items.length === 0 ? null : { from: cursor - word.length, to: cursor, items }
}

/** The path that is being written before the cursor, or null. A key in quotes may hold spaces. */
export function pathBefore(text: string): string | null {
  return /(?:^|\s)(-?data[.[](?:[^\s"]|"(?:[^"\\]|\\.)*(?:"|$))*)$/.exec(text)?.[1] ?? null
}

function itemsFor(word: string, { topics, types, paths }: KnownNames): Completion[] {
  const named = /^(-?)(topic|type):(.*)$/.exec(word)
  if (named !== null) return names(named[1]! + named[2]!, named[3]!, named[2] === 'topic' ? topics : types)
  return pathBefore(word) === null ? fields(word) : pathsFrom(word, paths)
}

function pathsFrom(word: string, known: readonly string[]): Completion[] {
  const minus = word.startsWith('-') ? '-' : ''
  const wanted = plainSteps(word.slice(minus.length))
  return known
    .filter((path) => plainSteps(path).startsWith(wanted) && minus + path !== word)
    .slice(0, MOST)
    .map((path) => ({ text: minus + path, says: '' }))
}

/** However a step is written. */
function plainSteps(path: string): string {
  return path.replace(/\["?/g, '.').replace(/"?\]/g, '').toLowerCase()
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
