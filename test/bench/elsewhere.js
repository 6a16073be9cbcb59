/** What others publish of themselves. Not measured here: other machines, and other work than ours until `complete`. */

/** Its benchmark prints figures; none are published with it. */
export const diskLog = {
  title: 'EventStore on disk_log (Elixir): measured elsewhere',
  why: 'no figures are published with its benchmark, whose raw write ends when the events are queued and whose read reads 100 of the 10,000',
}

/** tests/performance of tiny-counter 0.1.0, in memory. */
export const tinyCounter = {
  title: 'tiny-counter 0.1.0 (Rust, in memory): measured elsewhere',
  records: [
    { count: 10_000, ids: 1, underMs: 100 },
    { count: 1000, ids: 100, underMs: 50 },
  ],
}
