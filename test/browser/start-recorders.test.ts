import { userEvent } from 'vitest/browser'
import { afterEach, expect, test } from 'vitest'
import { emitInto, type Emit, type Recorder, type Stop } from '../../panel/start/emit.js'
import { recordClicks } from '../../panel/start/record-clicks.js'
import { recordErrors } from '../../panel/start/record-errors.js'
import { recordKeys } from '../../panel/start/record-keys.js'
import { recordLongTasks } from '../../panel/start/record-long-tasks.js'
import { recordNavigation } from '../../panel/start/record-navigation.js'
import { recordResources } from '../../panel/start/record-resources.js'
import { recordVisibility } from '../../panel/start/record-visibility.js'
import { labelOf } from '../../panel/start/target-label.js'

const stops: Stop[] = []

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  document.body.replaceChildren()
})

/** Runs a recorder; `next(type)` resolves with the first event of a type, told already or yet to come. */
function run(recorder: Recorder, target?: Window & typeof globalThis) {
  const events: { type: string; data: Record<string, unknown>; time: number | undefined }[] = []
  const waiting = new Set<() => void>()
  const emit: Emit = (type, data, time) => {
    events.push({ type, data, time })
    for (const look of waiting) look()
  }
  stops.push(recorder(emit, target))
  const next = (type: string, matches: (data: Record<string, unknown>) => boolean = () => true) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const look = () => {
        const found = events.find((event) => event.type === type && matches(event.data))
        if (found === undefined) return
        waiting.delete(look)
        resolve(found.data)
      }
      waiting.add(look)
      look()
    })
  return { events, next }
}

function show<T extends Element = HTMLElement>(html: string): T {
  document.body.innerHTML = html
  return document.body.firstElementChild as T
}

test.each([
  ['<button>Pay now</button>', 'Pay now'],
  ['<button aria-label="Close">×</button>', 'Close'],
  ['<a href="#x"><img alt="Home" src="data:,"></a>', 'Home'],
  ['<button title="Undo"><svg><text>noise</text></svg></button>', 'Undo'],
  ['<input placeholder="City">', 'City'],
  ['<p>A whole paragraph of prose</p>', null],
  ['<div role="row">cell data</div>', null],
  [`<button>${'long '.repeat(100)}</button>`, `${'long '.repeat(16).slice(0, 79)}…`],
])('the label of %s is %s', (html, label) => {
  expect(labelOf(show(html))).toBe(label)
})

test('the label of a field comes from its label, without what is in the field', () => {
  show('<label>Name <input id="field" value="SECRET"> <output>SECRET</output></label>')
  expect(labelOf(document.querySelector('#field')!)).toBe('Name')
})

test.each([
  ['a field', '<input value="SECRET">'],
  ['a submit button', '<input type="submit" value="SECRET">'],
  ['a text area', '<textarea>SECRET</textarea>'],
  ['a selection', '<select><option selected>SECRET</option></select>'],
  ['an option', '<option>SECRET</option>'],
  ['an editor', '<div contenteditable>SECRET</div>'],
  ['what is in an editor', '<div contenteditable><button aria-label="SECRET">SECRET</button></div>'],
  ['an output', '<output>SECRET</output>'],
  ['a custom field', '<div role="textbox">SECRET</div>'],
  ['a button around a field', '<button>Find <input value="SECRET"><span contenteditable>SECRET</span></button>'],
  ['a reference to a field', '<button aria-labelledby="f">x</button><textarea id="f">SECRET</textarea>'],
])('nothing typed shows in the label of %s', (_what, html) => {
  show(html)
  for (const element of document.body.querySelectorAll('*')) expect(labelOf(element) ?? '').not.toContain('SECRET')
})

test('a click tells role, label and device, through shadow roots too', async () => {
  const { events } = run(recordClicks)
  const host = show('<div id="panel"></div>')
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.innerHTML = '<button><b>Export</b></button>'
  await userEvent.click(shadow.querySelector('b')!)
  expect(events).toEqual([
    { type: 'click', data: { role: 'button', label: 'Export', inside: 'panel', by: 'mouse' }, time: undefined },
  ])
})

test('a click on a label counts once, as one on its field', async () => {
  const { events } = run(recordClicks)
  show('<label>I agree <input type="checkbox"></label>')
  await userEvent.click(document.querySelector('label')!)
  expect(events.map((event) => event.data['role'])).toEqual(['checkbox'])
})

test('clicks made by a script are not recorded', () => {
  const { events } = run(recordClicks)
  show('<button>Go</button>').click()
  expect(events).toEqual([])
})

test('typing tells kinds and where, never characters', async () => {
  const { events } = run(recordKeys)
  show('<label>Note <input></label>')
  await userEvent.type(document.querySelector('input')!, 'Zq 9!{Enter}')
  const kinds = events.map((event) => event.data['kind']).filter((kind) => kind !== 'modifier')
  expect(kinds).toEqual(['letter', 'letter', 'space', 'digit', 'punctuation', 'editing'])
  expect(events.every((event) => event.data['label'] === 'Note')).toBe(true)
  expect(events.some((event) => 'key' in event.data && String(event.data['key']).length === 1)).toBe(false)
})

test('of a password not even the kinds are told', async () => {
  const { events } = run(recordKeys)
  show('<input type="password" aria-label="Password">')
  await userEvent.type(document.querySelector('input')!, 'a1 .{Enter}')
  expect(events.map((event) => event.data['kind'])).toEqual(['editing'])
})

test('a move within the page is one event', async () => {
  const { events, next } = run(recordNavigation)
  expect(events.map((event) => event.type)).toEqual(['load'])
  location.hash = '#runway'
  expect(await next('hashchange')).toMatchObject({ how: 'push', to: expect.stringMatching(/#runway$/) })
  history.replaceState(null, '', location.pathname + location.search)
  expect(await next('hashchange', (data) => data['how'] === 'replace')).toBeDefined()
  expect(events.length).toBe(3)
})

test('hiding and restoring the page are told', () => {
  const { events } = run(recordVisibility)
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  expect(events.map((event) => event.type)).toEqual(['visibility', 'pagehide', 'pageshow'])
})

test('a resource is told without its query', async () => {
  const { next } = run(recordResources)
  await fetch(`${location.pathname}?recorded=SECRET`)
  const data = await next('resource', (entry) => entry['initiator'] === 'fetch')
  expect(data).toMatchObject({ status: 200, durationMs: expect.any(Number), transferBytes: expect.any(Number) })
  expect(JSON.stringify(data)).not.toContain('SECRET')
})

test('a long task is told with the time it began', async () => {
  const { events, next } = run(recordLongTasks)
  const before = Date.now()
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      const until = performance.now() + 80
      while (performance.now() < until);
      resolve()
    }
    port2.postMessage(null)
  })
  const data = await next('longtask', (task) => Number(task['durationMs']) >= 79)
  const told = events.find((event) => event.data === data)
  expect(Math.abs((told?.time ?? 0) - before)).toBeLessThan(2000)
})

// In a frame, whose errors are not the test's own.
test('errors, rejections and failed loads are told, whatever was thrown', async () => {
  const frame = show<HTMLIFrameElement>('<iframe></iframe>').contentWindow as Window & typeof globalThis
  const { events, next } = run(recordErrors, frame)
  const error = new TypeError('no such cart')
  const filename = 'https://shop.example/shop.js?v=1'
  frame.dispatchEvent(new ErrorEvent('error', { error, message: 'Uncaught', filename, lineno: 3, colno: 7 }))
  const promise = Promise.resolve()
  frame.dispatchEvent(new PromiseRejectionEvent('unhandledrejection', { promise, reason: { password: 'SECRET' } }))
  frame.document.body.innerHTML = '<img src="data:image/png,SECRET">'
  expect(await next('load-failed')).toEqual({ element: 'img', name: 'data:' })
  expect(events.slice(0, 2).map(({ type, data }) => [type, data['name'], data['message'], data['source']])).toEqual([
    ['error', 'TypeError', 'no such cart', 'https://shop.example/shop.js:3:7'],
    ['rejection', 'Object', '{ password }', undefined],
  ])
})

test('a topic that refuses is heard of, and the page is not', () => {
  const refused: unknown[] = []
  const closed = new Error('closed')
  const topic = {
    record: () => {
      throw closed
    },
  }
  emitInto(topic, (error) => refused.push(error))('click', {})
  expect(refused).toEqual([closed])
})

test('a stopped recorder is silent', async () => {
  const { events } = run(recordClicks)
  stops.splice(0).forEach((stop) => stop())
  await userEvent.click(show('<button>Go</button>'))
  expect(events).toEqual([])
})
