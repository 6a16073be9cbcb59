import { withoutAttachments } from './attachments.js'
import { encodeTagged, reviveTagged } from './tagged-json.js'

/** What structuredClone takes, as text. What has no text form (a Blob, a key) reads back as undefined. */
export function toCloneText(value: unknown): string {
  const attachments: unknown[] = []
  const text = encodeTagged(value, attachments)
  return attachments.length === 0 ? text : withoutAttachments(text, attachments)
}

/** Throws where it is no such text. */
export function fromCloneText(text: string): unknown {
  return reviveTagged(JSON.parse(text))
}
