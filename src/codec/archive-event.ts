import { captureArchived, type CapturedJson } from './archive-data.js'
import { DATA_UNDEFINED } from './columns.js'
import { shownJson } from './invalid-file.js'

/** One event of a file, checked: nothing of it is unknown any more. */
export interface ArchivedEvent {
  topic: string
  position: number
  sequence: number
  type: string
  time: number
  weight: number
  producer: string
  producerSeq: number
  id: string | null
  /** Tagged JSON. */
  meta: string | null
  /** How `text`, the JSON of the data, is to be read. */
  kind: number
  text: string
}

const ABSENT = { kind: DATA_UNDEFINED, text: 'null' }

const FIELDS = new Set('topic position sequence type time weight producer producerSeq id meta data'.split(' '))

// Throws an Error whose message completes the sentence 'Line 3 of the file: …'.
export function parseEvent(text: string): ArchivedEvent {
  const json = parse(text)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`an event must be an object, not ${shownJson(json)}`)
  }
  const fields = json as Record<string, unknown>
  for (const name of Object.keys(fields)) {
    if (!FIELDS.has(name)) throw new Error(`the event has a field this version does not know: "${name.slice(0, 40)}"`)
  }
  // A missing field must not be found in the prototype.
  const field = (name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined)
  const [id, weight] = [field('id'), field('weight') ?? 1]
  const data = Object.hasOwn(fields, 'data') ? capture('data', fields['data']) : ABSENT
  return {
    topic: nameOf('topic', field('topic'), 256),
    position: wholeOf('position', field('position')),
    sequence: wholeOf('sequence', field('sequence')),
    type: nameOf('type', field('type'), 1024),
    time: numberOf('time', field('time')),
    weight: positiveOf('weight', weight),
    producer: nameOf('producer', field('producer'), 1024),
    producerSeq: wholeOf('producerSeq', field('producerSeq')),
    id: id === undefined ? null : nameOf('id', id, 1024),
    meta: metaOf(field('meta')),
    kind: data.kind,
    text: data.text,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`it is not JSON (${(error as Error).message})`, { cause: error })
  }
}

function capture(field: string, json: unknown): CapturedJson {
  try {
    return captureArchived(json)
  } catch (error) {
    // 'Maximum call stack size exceeded' in V8 and JavaScriptCore, 'too much recursion' in SpiderMonkey.
    const why = /call stack|recursion/i.test(String(error)) ? 'it nests too deep' : String(error)
    throw new Error(`"${field}" cannot be read: ${why}`, { cause: error })
  }
}

function metaOf(json: unknown): string | null {
  if (json === undefined) return null
  const { text, value } = capture('meta', json)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mustBe('meta', 'an object', value)
  return text
}

function nameOf(field: string, value: unknown, most: number): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= most) return value
  throw mustBe(field, `a string of 1 to ${most} characters`, value)
}

function wholeOf(field: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw mustBe(field, 'a whole number', value)
}

function numberOf(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw mustBe(field, 'a finite number', value)
}

function positiveOf(field: string, value: unknown): number {
  const number = numberOf(field, value)
  if (number > 0) return number
  throw mustBe(field, 'a positive number', value)
}

function mustBe(field: string, expected: string, actual: unknown): Error {
  return new Error(`"${field}" must be ${expected}, not ${shownJson(actual)}`)
}
