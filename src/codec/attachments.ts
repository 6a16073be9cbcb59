import { TAG } from './plain-json.js'

/**
 * Tagged JSON for a file, which cannot hold attachments: each is written as { "$": ["absent", kind, details] }, which
 * says what was there and reads back as undefined.
 */
export function withoutAttachments(text: string, attachments: readonly unknown[]): string {
  return JSON.stringify(replaced(JSON.parse(text), attachments))
}

function replaced(json: unknown, attachments: readonly unknown[]): unknown {
  if (typeof json !== 'object' || json === null) return json
  const tag: unknown = Object.hasOwn(json, TAG) ? (json as { [TAG]: unknown })[TAG] : null
  if (Array.isArray(tag) && tag[0] === 'attachment') return { [TAG]: described(attachments[tag[1] as number]) }
  for (const [key, value] of Object.entries(json)) {
    const own = replaced(value, attachments)
    if (own === value) continue
    Object.defineProperty(json, key, { value: own, enumerable: true, configurable: true, writable: true })
  }
  return json
}

function described(value: unknown): unknown[] {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (!(value instanceof Blob)) return ['absent', kind]
  const { type, size } = value
  return ['absent', kind, 'name' in value ? { name: value.name, type, size } : { type, size }]
}
