export { manualClock } from './testing/manual-clock.js'
export { openTestStore } from './testing/open-test-store.js'
export { draftsOf } from './testing/drafts-of.js'
export type { ManualClock } from './testing/manual-clock.js'
