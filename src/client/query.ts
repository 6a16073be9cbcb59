import type { Query } from '../core/event.js'
import { parsePath } from '../fold/path.js'
import { requestFor, type ReadRequest, type WhereTerm } from '../protocol/writer-api.js'
import { assertQuery } from './check-query.js'

const META = '@meta.'

/** A user's query, checked, as the writer takes it. On a topic `from` and `to` are positions, else sequences. */
export function toRequest(query: Query & { topics?: string[]; pageSize?: number }, topic: string | null): ReadRequest {
  assertQuery(query)
  const range = [query.from ?? 0, query.to ?? Infinity] as const
  return requestFor({
    topics: topic === null ? (query.topics ?? null) : [topic],
    types: query.types ?? null,
    ...(topic === null ? { sequences: range } : { positions: range }),
    times: [query.since ?? -Infinity, query.until ?? Infinity],
    where: Object.entries(query.where ?? {}).map(([path, value]) => toTerm(path, value)),
    direction: query.direction ?? 'forward',
    limit: query.limit ?? Infinity,
  })
}

function toTerm(path: string, value: unknown): WhereTerm {
  if (path.startsWith(META)) return { in: 'meta', path: parsePath(path.slice(META.length)), value }
  return { in: 'data', path: parsePath(path), value }
}
