import type { LimitState } from '../../src/fold/counter/limit.js'
import type { PanelMemory } from '../../src/protocol/panel-source.js'

/** What a store's memory events come to, with something found in them. */
export const memory: PanelMemory = {
  summary: { current: 2048, peak: 4096, active: 1, allocations: 3, deallocations: 2 },
  usage: [0, 4096, 1024, 2048].map((bytes, step) => ({ time: 1000 * step, bytes })),
  peak: { time: 1000, bytes: 4096 },
  top: [{ ptr: 4096n, size: 2048, threadId: 1, allocatedAt: 0, varName: 'buffer', typeName: 'Uint8Array' }],
  results: [
    {
      analyzer: 'double-free',
      severity: 'error',
      count: 1,
      description: 'Frees of what was freed before.',
      findings: [{ severity: 'error', message: '0x1000 was freed twice.', sequence: 7 }],
    },
    { analyzer: 'leak', severity: 'info', count: 0, description: 'Live at the end.', findings: [] },
  ],
}

export const limits: LimitState[] = [
  {
    constraint: { is: 'atMost', id: 'sign-in', limit: 5, windowMs: 900_000 },
    used: 5,
    refusal: '5 of at most 5',
    retryAfterMs: 312_000,
  },
  {
    constraint: { is: 'atLeast', id: 'launch', count: 10, windowMs: 604_800_000 },
    used: 4,
    refusal: 'there were 4 of at least 10',
    retryAfterMs: null,
  },
  {
    constraint: { is: 'cooldown', id: 'review', windowMs: 13 * 604_800_000 },
    used: null,
    refusal: null,
    retryAfterMs: null,
  },
  { constraint: { is: 'during', schedule: { hours: [9, 17] } }, used: null, refusal: null, retryAfterMs: null },
]
