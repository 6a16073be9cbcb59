import { describe, expect, test } from 'vitest'
import { keyKind, type KeyKind } from '../../panel/start/key-kind.js'

const written: [key: string, kind: KeyKind][] = [
  ['a', 'letter'],
  ['Ж', 'letter'],
  ['ß', 'letter'],
  ['7', 'digit'],
  ['٣', 'digit'],
  [' ', 'space'],
  ['.', 'punctuation'],
  ['€', 'punctuation'],
  ['+', 'punctuation'],
  ['Dead', 'composition'],
  ['Process', 'composition'],
]

describe('keys that write', () => {
  test.each(written)('%j is of the kind %s, and is not told', (key, kind) => {
    expect(keyKind({ key })).toEqual({ kind })
  })

  test('a key of an unknown name is not told either', () => {
    expect(keyKind({ key: 'hunter2' })).toEqual({ kind: 'other' })
  })

  test('while composing, nothing but that is told', () => {
    expect(keyKind({ key: 'Enter', isComposing: true })).toEqual({ kind: 'composition' })
  })

  test('a character written with AltGr is no shortcut', () => {
    expect(keyKind({ key: '@', ctrlKey: true, altKey: true, altGraph: true })).toEqual({ kind: 'punctuation' })
  })
})

describe('keys that write nothing', () => {
  const named: [key: string, kind: KeyKind][] = [
    ['Enter', 'editing'],
    ['Backspace', 'editing'],
    ['Escape', 'navigation'],
    ['Tab', 'navigation'],
    ['ArrowLeft', 'navigation'],
    ['Shift', 'modifier'],
    ['F5', 'function'],
  ]
  test.each(named)('%s is named', (key, kind) => {
    expect(keyKind({ key })).toEqual({ kind, key })
  })

  test('a shortcut does not tell its letter, but does tell a named key', () => {
    expect(keyKind({ key: 'v', ctrlKey: true })).toEqual({ kind: 'shortcut' })
    expect(keyKind({ key: 'ArrowUp', altKey: true })).toEqual({ kind: 'shortcut', key: 'ArrowUp' })
  })

  test('a modifier pressed with another is still a modifier', () => {
    expect(keyKind({ key: 'Control', ctrlKey: true })).toEqual({ kind: 'modifier', key: 'Control' })
  })
})
