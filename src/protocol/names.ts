// Every name two contexts must agree on. None of them may change between releases: an older tab may be open.

export const logDatabaseName = (store: string): string => `tabscribe:${store}`
export const journalDatabaseName = (store: string): string => `tabscribe-journal:${store}`

/** Held by a writer as long as it lives: whoever is granted it knows the writer is gone. */
export const writerLockName = (writer: string): string => `tabscribe:writer:${writer}`

/** Held by a tab as long as it lives. */
export const tabLockName = (producer: string): string => `tabscribe:tab:${producer}`

/** Where writers tell each other that they have committed. */
export const commitChannelName = (store: string): string => `tabscribe:commits:${store}`

export const sessionKey = 'tabscribe:session'
