/**
 * Raised whenever a message between tab and writer changes shape.
 *
 * 1: first.
 */
export const PROTOCOL_VERSION = 1

/**
 * What a writer understands of the stored log. The head names the least version that may write; a lower one only
 * reads. The IndexedDB version stays 1 for ever, so that no release blocks another.
 */
export const WRITER_VERSION = 1
