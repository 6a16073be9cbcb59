/** Whose checkpoints: of another version or of other topics none may be used. */
export interface ProjectionId {
  name: string
  version: number
  /** null = all */
  topics: readonly string[] | null
}

/** What folding every event below `end` came to. */
export interface Checkpoint {
  end: number
  /** Of the newest event in it; -1 when there is none. */
  sequence: number
  state: unknown
}

/** Where the log stood: what was read then holds as long as it is the same. */
export interface LogMark {
  database: string
  epoch: number
  removals: number
}

export interface CheckpointQuery {
  projection: ProjectionId
  /** Its end at most. */
  before: number
  /** The id of the snapshot that is folded. */
  snapshot: string | null
}

/** `mark`: what a checkpoint kept on the way must be of; null when none may be kept. */
export interface FoundCheckpoint {
  checkpoint: Checkpoint | null
  mark: LogMark | null
  removals: number
}
