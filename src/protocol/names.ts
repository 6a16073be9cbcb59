// Every name two contexts must agree on. None of them may change between releases: an older tab may be open.

export const logDatabaseName = (store: string): string => `tabscribe:${store}`

/** Each tab's journal is a database of its own; the lock of this name is held by who writes to it, or empties it. */
export const journalPrefix = (store: string): string => `tabscribe-journal:${store.length}:${store}:`
export const journalName = (store: string, producer: string): string => journalPrefix(store) + producer

/** The journal of all tabs, where there are no locks to tell which of them are gone. */
export const sharedJournalName = (store: string): string => journalPrefix(store)

/** Held by a writer as long as it lives: whoever is granted it knows the writer is gone. */
export const writerLockName = (writer: string): string => `tabscribe:writer:${writer}`

/** Held by a tab as long as it lives. */
export const tabLockName = (producer: string): string => `tabscribe:tab:${producer}`

/**
 * Held by the tab whose worker serves the others where there is no SharedWorker. Tabs that speak another version of the
 * protocol elect one of their own; the database keeps both in order.
 */
export const leaderLockName = (protocol: number): string => `tabscribe:leader:${protocol}`

/** Where tabs and the leader's worker find each other. */
export const leaderChannelName = (protocol: number): string => `tabscribe:leader:${protocol}`

/** One tab's own line to the leader's worker. */
export const lineChannelName = (line: string): string => `tabscribe:line:${line}`

/** Where writers tell each other that they have committed. */
export const commitChannelName = (store: string): string => `tabscribe:commits:${store}`

/** In localStorage: what this origin remembers of a store outside of its database. */
export const witnessKey = (store: string): string => `tabscribe:witness:${store}`

/** In localStorage: what a tab could not journal any more when its page went. */
export const spillPrefix = (store: string): string => `tabscribe:spill:${store.length}:${store}:`
export const spillKey = (store: string, producer: string): string => spillPrefix(store) + producer

export const sessionKey = 'tabscribe:session'
