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
