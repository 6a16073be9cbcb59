import type { MemoryEvent } from './event.js'
import type { MemorySnapshot } from './state.js'

export type Severity = 'info' | 'warning' | 'error' | 'critical'

export interface Finding {
  severity: Severity
  message: string
  ptr?: bigint
  bytes?: number
  /** Of the event found. */
  sequence?: number
  /** Sequences of the events that explain it. */
  related?: number[]
}

export interface AnalysisResult {
  analyzer: string
  /** Of the worst finding; 'info' when there is none. */
  severity: Severity
  /** How many there are, also where `findings` holds only the first or the worst of them. */
  count: number
  description: string
  findings: Finding[]
}

/** Sees the events of the snapshot, in log order. */
export interface Analyzer {
  name: string
  analyze(snapshot: MemorySnapshot, events: AsyncIterable<MemoryEvent>): Promise<AnalysisResult>
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error', 'critical']

export function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b) ? a : b
}
