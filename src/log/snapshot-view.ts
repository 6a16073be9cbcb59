import { requestFor, type ReadRequest, type SnapshotInfo } from '../protocol/writer-api.js'
import type { LogDatabase, SnapshotRow } from './database.js'
import { visitRows, type Reading, type View } from './read.js'
import { findSnapshot } from './snapshots.js'
import { topicInfos } from './topic-infos.js'

/** What a request may see: what its snapshot saw, or (undefined) all there is. */
export async function viewOf(
  database: LogDatabase,
  request: ReadRequest,
): Promise<{ view: View | undefined; within: ReadRequest }> {
  if (request.snapshot === null) return { view: undefined, within: request }
  const row = await findSnapshot(database, request.snapshot)
  return { view: { visible: row.topics }, within: withinSnapshot(row, request) }
}

export async function infoOf(reading: Reading, row: SnapshotRow): Promise<SnapshotInfo> {
  const request = withinSnapshot(row, requestFor({ direction: 'backward', limit: 1 }))
  let newest = { sequence: -1, time: 0 }
  await visitRows(reading, request, { visible: row.topics }, ({ columns, sequence }, rows) => {
    newest = { sequence: sequence[rows[0]!]!, time: columns.time[rows[0]!]! }
    return false
  })
  const topics = topicInfos(row.topics)
  return { id: row.id, ...newest, count: topics.reduce((sum, { count }) => sum + count, 0), topics }
}

function withinSnapshot({ end }: SnapshotRow, request: ReadRequest): ReadRequest {
  return { ...request, sequences: [request.sequences[0], Math.min(request.sequences[1], end)] }
}
