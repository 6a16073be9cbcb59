import { either, isFlag, isNumber, isText, listOf, maybe, oneOf, orNull, shape, type Is } from './shape.js'

/** What the panel's search bar asks of the writer: every term must hold. Times are epoch milliseconds. */
export interface EventFilter {
  all: FilterTerm[]
}

export type FilterTerm = { not?: boolean } & (
  | { is: 'topic' | 'type' | 'tab'; match: TextMatch }
  /** Free text anywhere in the topic, the type, the id or the JSON of the data, letter case ignored. */
  | { is: 'text'; text: string }
  | { is: 'since' | 'until'; time: number }
  /** A path inside data; numbers compare as numbers, strings as strings. */
  | { is: 'value'; path: string[]; compare: Comparison; value: string | number | boolean | null }
)

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

export type TextMatch = { contains: string } | { pattern: string; flags: string }

const MOST_TERMS = 1000

const isMatch = either<TextMatch, TextMatch>(
  shape<{ contains: string }>({ contains: isText }),
  shape<{ pattern: string; flags: string }>({ pattern: isText, flags: isText }),
)
const isTerm: Is<FilterTerm> = (value): value is FilterTerm => terms.some((is) => is(value))
const terms: Is<FilterTerm>[] = [
  shape<FilterTerm & { is: 'topic' | 'type' | 'tab' }>({
    is: oneOf('topic', 'type', 'tab'),
    match: isMatch,
    not: maybe(isFlag),
  }),
  shape<FilterTerm & { is: 'text' }>({ is: oneOf('text'), text: isText, not: maybe(isFlag) }),
  shape<FilterTerm & { is: 'since' | 'until' }>({ is: oneOf('since', 'until'), time: isNumber, not: maybe(isFlag) }),
  shape<FilterTerm & { is: 'value' }>({
    is: oneOf('value'),
    path: listOf(isText),
    compare: oneOf<Comparison>('=', '!=', '<', '<=', '>', '>='),
    value: orNull(either(either(isText, isNumber), isFlag)),
    not: maybe(isFlag),
  }),
]
export const isFilter = shape<EventFilter>({ all: listOf(isTerm, MOST_TERMS) })
